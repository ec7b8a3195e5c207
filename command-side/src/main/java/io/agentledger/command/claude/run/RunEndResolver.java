package io.agentledger.command.claude.run;

import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.record.RunEndCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** How the runs of one process end, in the words of the record. */
final class RunEndResolver {
  private final ProcessContext post;
  private final SupervisorServices with;
  private final RunCommandSender writer;
  private volatile Optional<String> exceeded = Optional.empty();

  RunEndResolver(ProcessContext post, SupervisorServices with, RunCommandSender writer) {
    this.post = post;
    this.with = with;
    this.writer = writer;
  }

  /** It took more than it may, and is killed for it: that is why its run ends, however it ends. */
  void exceed(String what) {
    exceeded = Optional.of(what);
  }

  /** With its result. */
  SessionCommand of(RunAttempt.AttemptState progress, ResultMessage finished) {
    if (progress.timedOut) return timeout(progress);
    boolean interrupted = progress.interruptedAt.isPresent();
    return finished.isError() && !interrupted && writer.isRefused(progress.attempt.run())
        ? outcomes(progress).paused()
        : outcomes(progress).of(finished, interrupted);
  }

  /** With nothing to say. */
  SessionCommand aside(RunAttempt.AttemptState progress) {
    RunEndCommands of = outcomes(progress);
    return new FinishRun(
        of.session(), of.run(), of.epoch(), StopReason.COMPLETED, of.duration(), "", null);
  }

  /** With its process, whose fault it is if nothing else ended it. */
  SessionCommand of(RunAttempt.AttemptState progress, ProcessFault fault) {
    Optional<String> limit = exceeded.or(this::endedByTheKernel);
    if (limit.isPresent()) return outcomes(progress).failed(Failure.LIMIT, false, limit.get());
    if (progress.timedOut) return timeout(progress);
    return progress.interruptedAt.isPresent()
        ? outcomes(progress).interrupted()
        : outcomes(progress).failed(fault.failure(), fault.retryable(), fault.error());
  }

  private SessionCommand timeout(RunAttempt.AttemptState progress) {
    String error = "The run took longer than " + progress.attempt.options().timeout() + ".";
    return outcomes(progress).failed(Failure.TIMEOUT, false, error);
  }

  private RunEndCommands outcomes(RunAttempt.AttemptState progress) {
    Duration duration = Duration.between(progress.startedAt, with.clock().instant());
    return new RunEndCommands(
        post.record().session(),
        progress.attempt.run(),
        post.epoch(),
        duration,
        progress.attempt.options().wantsShape());
  }

  private Optional<String> endedByTheKernel() {
    try {
      return post.process().isAlive()
          ? Optional.empty()
          : with.confinement()
              .within(post.record().opening().environment().limits())
              .endedBy(post.id().value(), post.process().exitStatus());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
