package io.agentledger.command.claude.run;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.projectconfig.ClientPaths;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.record.RunEndCommands;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.store.DiskFullException;
import io.agentledger.store.DurableFiles;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Determines how the runs of one process end, and creates the command that records it. */
final class RunEndResolver {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

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

  /**
   * Sets the exceeded limit for which the process is killed; its run ends with this reason in any
   * case.
   */
  void setLimitExceeded(String limit) {
    exceeded = Optional.of(limit);
  }

  boolean isLimitExceeded() {
    return exceeded.isPresent();
  }

  /** Resolves the end of a run by its result. */
  SessionCommand resolve(RunAttempt.AttemptState attemptState, ResultMessage resultMessage) {
    RunEndCommands commands = endCommands(attemptState, null);
    Optional<SessionCommand> overdue = overdueFailure(attemptState, commands);
    if (overdue.isPresent()) return overdue.get();
    boolean interrupted = attemptState.interruptedAt.isPresent();
    var shortfall = runCommandSender.findShortfall(attemptState);
    return resultMessage.isError() && !interrupted && shortfall.isPresent()
        ? commands.paused(attemptState.attempt.number(), shortfall.get())
        : commands.commandFor(
            resultMessage, interrupted, () -> lastText(attemptState.attempt.run()));
  }

  private String lastText(RunId run) {
    SessionState state = processContext.state();
    return state
        .run(run)
        .map(found -> state.open(MessageReceived.class, "block", found.lastText()))
        .map(block -> ClaudeParser.text(JSON.readTree(block.isEmpty() ? "{}" : block), "text"))
        .orElse("");
  }

  /** Resolves the end of a run without a result. */
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

  /**
   * Resolves the end of a run by the end of its process, which is at fault if there is no other
   * reason.
   */
  SessionCommand resolveProcessEnd(RunAttempt.AttemptState attemptState, ProcessFault fault) {
    return resolve(attemptState, fault, endCommands(attemptState, processContext.id()));
  }

  /** Resolves the end of a run by a fault after which its process continues. */
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

  /** Returns the fault of a full disk, on which the CLI or its output may end in other ways. */
  private Optional<ProcessFault> diskFault() {
    try {
      DurableFiles.requireRoom(processContext.process().directory());
      return Optional.empty();
    } catch (DiskFullException full) {
      return Optional.of(ProcessFault.diskFull(full));
    }
  }

  /** Returns the failure of an attempt that was interrupted because of its timeout. */
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
        new ClientPaths(
            processContext.paths().sandboxPaths(), processContext.spec().options().plugins()),
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
