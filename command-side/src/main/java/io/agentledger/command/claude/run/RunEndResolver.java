package io.agentledger.command.claude.run;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.record.RunEndCommands;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.store.DiskFullException;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resolves how the runs of one process end, as the command to record. */
final class RunEndResolver {
  private final ProcessContext processContext;
  private final SupervisorServices services;
  private final RunCommandSender runCommandSender;
  private volatile Optional<String> exceeded = Optional.empty();

  RunEndResolver(
      ProcessContext processContext,
      SupervisorServices services,
      RunCommandSender runCommandSender) {
    this.processContext = processContext;
    this.services = services;
    this.runCommandSender = runCommandSender;
  }

  /** It took more than it may, and is killed for it: that is why its run ends, however it ends. */
  void setLimitExceeded(String limit) {
    exceeded = Optional.of(limit);
  }

  boolean isLimitExceeded() {
    return exceeded.isPresent();
  }

  /** With its result. */
  SessionCommand resolve(RunAttempt.AttemptState attemptState, ResultMessage resultMessage) {
    RunEndCommands commands = endCommands(attemptState, null);
    Optional<SessionCommand> overdue = overdueFailure(attemptState, commands);
    if (overdue.isPresent()) return overdue.get();
    boolean interrupted = attemptState.interruptedAt.isPresent();
    return resultMessage.isError()
            && !interrupted
            && runCommandSender.isRefusedByBudget(attemptState.attempt.run())
        ? commands.paused(attemptState.attempt.number())
        : commands.commandFor(resultMessage, interrupted);
  }

  /** With nothing to say. */
  SessionCommand sideRequestEnd(RunAttempt.AttemptState attemptState) {
    RunEndCommands commands = endCommands(attemptState, null);
    return new FinishRun(
        commands.session(),
        commands.run(),
        commands.epoch(),
        StopReason.COMPLETED,
        commands.duration(),
        "",
        null);
  }

  /** With its process, whose fault it is if nothing else ended it. */
  SessionCommand resolveProcessEnd(RunAttempt.AttemptState attemptState, ProcessFault fault) {
    return resolve(attemptState, fault, endCommands(attemptState, processContext.id()));
  }

  /** With a fault that its process survives. */
  SessionCommand resolve(RunAttempt.AttemptState attemptState, ProcessFault fault) {
    return resolve(attemptState, fault, endCommands(attemptState, null));
  }

  private SessionCommand resolve(
      RunAttempt.AttemptState attemptState, ProcessFault fault, RunEndCommands commands) {
    if (fault.failure() == Failure.INTEGRITY)
      return commands.failed(fault.failure(), false, fault.error());
    Optional<String> limit = exceeded.or(this::kernelLimit);
    if (limit.isPresent()) return commands.failed(Failure.LIMIT, false, limit.get());
    Optional<SessionCommand> overdue = overdueFailure(attemptState, commands);
    if (overdue.isPresent()) return overdue.get();
    if (attemptState.interruptedAt.isPresent()) return commands.interrupted();
    ProcessFault cause = fault.failure() == Failure.CLI ? diskFault().orElse(fault) : fault;
    return commands.failed(cause.failure(), cause.retryable(), cause.error());
  }

  /** On a full disk the CLI ends, or its lines do, in ways of their own. */
  private Optional<ProcessFault> diskFault() {
    try {
      DurableFiles.requireRoom(processContext.process().directory());
      return Optional.empty();
    } catch (DiskFullException full) {
      return Optional.of(ProcessFault.diskFull(full));
    }
  }

  /** The failure of an attempt that was interrupted because its time is up. */
  private Optional<SessionCommand> overdueFailure(
      RunAttempt.AttemptState attemptState, RunEndCommands commands) {
    Optional<ModelOutage> outage = attemptState.outage;
    if (attemptState.timedOut) {
      String error =
          "The run took longer than "
              + attemptState.attempt.options().timeout()
              + "."
              + outage.map(cause -> " " + cause.reason()).orElse("");
      return Optional.of(commands.failed(Failure.TIMEOUT, false, error));
    }
    return outage.map(cause -> commands.failed(Failure.MODEL, false, cause.failure()));
  }

  private RunEndCommands endCommands(
      RunAttempt.AttemptState attemptState, @Nullable ProcessId endedProcess) {
    Duration duration = Duration.between(attemptState.startedAt, services.clock().instant());
    return new RunEndCommands(
        processContext.state().session(),
        attemptState.attempt.run(),
        attemptState.attempt.tryNumber(),
        processContext.epoch(),
        duration,
        attemptState.attempt.options().hasOutputSchema(),
        endedProcess);
  }

  private Optional<String> kernelLimit() {
    try {
      return processContext.process().isAlive()
          ? Optional.empty()
          : services
              .resourceLimiter()
              .withEnvironmentLimits(processContext.state().opened().environment().limits())
              .exceededLimit(processContext.id().value(), processContext.process().exitStatus());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
