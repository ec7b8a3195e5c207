package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.api.session.RunEvent.StopReason;
import io.agentledger.api.session.SessionCommand;
import io.agentledger.api.session.SessionCommand.FinishRun;
import io.agentledger.command.claude.protocol.ClaudeMessage.Finished;
import io.agentledger.command.claude.record.Outcomes;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** How the runs of one process end, in the words of the record. */
final class Ends {
  private final Post post;
  private final Equipment with;
  private final RunWriter writer;
  private volatile Optional<String> exceeded = Optional.empty();

  Ends(Post post, Equipment with, RunWriter writer) {
    this.post = post;
    this.with = with;
    this.writer = writer;
  }

  /** It took more than it may, and is killed for it: that is why its run ends, however it ends. */
  void exceed(String what) {
    exceeded = Optional.of(what);
  }

  /** With its result. */
  SessionCommand of(Attempt.Progress progress, Finished finished) {
    if (progress.timedOut) return timeout(progress);
    boolean interrupted = progress.interruptedAt.isPresent();
    return finished.isError() && !interrupted && writer.isRefused(progress.attempt.run())
        ? outcomes(progress).paused()
        : outcomes(progress).of(finished, interrupted);
  }

  /** With nothing to say. */
  SessionCommand aside(Attempt.Progress progress) {
    Outcomes of = outcomes(progress);
    return new FinishRun(
        of.session(), of.run(), of.epoch(), StopReason.COMPLETED, of.duration(), "", null);
  }

  /** With its process, whose fault it is if nothing else ended it. */
  SessionCommand of(Attempt.Progress progress, Fault fault) {
    Optional<String> limit = exceeded.or(this::endedByTheKernel);
    if (limit.isPresent()) return outcomes(progress).failed(Failure.LIMIT, false, limit.get());
    if (progress.timedOut) return timeout(progress);
    return progress.interruptedAt.isPresent()
        ? outcomes(progress).interrupted()
        : outcomes(progress).failed(fault.failure(), fault.retryable(), fault.error());
  }

  private SessionCommand timeout(Attempt.Progress progress) {
    String error = "The run took longer than " + progress.attempt.options().timeout() + ".";
    return outcomes(progress).failed(Failure.TIMEOUT, false, error);
  }

  private Outcomes outcomes(Attempt.Progress progress) {
    Duration duration = Duration.between(progress.startedAt, with.clock().instant());
    return new Outcomes(
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
