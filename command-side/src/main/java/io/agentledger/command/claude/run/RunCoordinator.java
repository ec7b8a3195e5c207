package io.agentledger.command.claude.run;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionAvailability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Coordinates the runs of one process: starts attempts, applies requests of clients, records how
 * they end. Confined to the supervisor's thread, except for reads from outside.
 */
final class RunCoordinator {
  private static final String PROMPT = "prompt";

  private final ProcessContext processContext;
  private final SupervisorServices services;
  private final RunCommandSender runCommandSender;
  private final OutputBuffer outputBuffer;
  private final ControlHandlers controlHandlers;
  private final ControlRequestSender controlRequestSender;
  private final PromptPreparer promptPreparer;
  private final RunEndResolver runEndResolver;
  private final SideRequestHandler sideRequestHandler;
  private final ProcessRetirement retirement;
  private final OutageMonitor outageMonitor;
  private final CliCosts cliCosts;
  private final NextAttempt next = new NextAttempt();
  private volatile Optional<RunAttempt.AttemptState> current = Optional.empty();
  private volatile Instant lastLine;
  private Optional<Instant> finishedAt = Optional.empty();
  private volatile boolean cliBusy;

  RunCoordinator(
      ProcessContext processContext,
      SupervisorServices services,
      RunCommandSender runCommandSender,
      OutputBuffer outputBuffer,
      ControlHandlers controlHandlers,
      PromptPreparer promptPreparer) {
    this.processContext = processContext;
    this.services = services;
    this.runCommandSender = runCommandSender;
    this.outputBuffer = outputBuffer;
    this.controlHandlers = controlHandlers;
    this.promptPreparer = promptPreparer;
    this.controlRequestSender = new ControlRequestSender(processContext);
    this.runEndResolver = new RunEndResolver(processContext, services, runCommandSender);
    this.sideRequestHandler =
        new SideRequestHandler(
            processContext, runCommandSender, promptPreparer::commandNames, this);
    this.retirement = new ProcessRetirement(processContext);
    this.outageMonitor = new OutageMonitor(processContext, runCommandSender);
    this.cliCosts = new CliCosts(processContext.process().isNew());
    this.lastLine = services.clock().instant();
  }

  Optional<RunId> currentRunId() {
    return current.map(attemptState -> attemptState.attempt.run());
  }

  /** Returns the attempt that is in progress, or about to begin. */
  Optional<RunAttempt> currentOrExpectedAttempt() {
    return current.map(attemptState -> attemptState.attempt).or(next::find);
  }

  void onActivity(Instant at) {
    lastLine = at;
  }

  NextAttempt next() {
    return next;
  }

  /** Ends the run by this limit; the process is killed, and no other run begins here. */
  void setLimitExceeded(String limit) {
    runEndResolver.setLimitExceeded(limit);
  }

  void adopt(RunAttempt.AttemptState attemptState) {
    current = Optional.of(attemptState);
    cliBusy = true;
  }

  ControlRequestSender controlRequests() {
    return controlRequestSender;
  }

  SideRequestHandler sideRequests() {
    return sideRequestHandler;
  }

  Optional<RunAttempt.AttemptState> currentAttemptState() {
    return current;
  }

  /** Starts the next attempt, unless the CLI is busy or is being killed. */
  void startIfIdle() throws IOException {
    Optional<RunAttempt> attempt = next.find();
    if (cliBusy || attempt.isEmpty() || runEndResolver.isLimitExceeded()) return;
    endUninitializedRun();
    boolean begun = start(attempt.get());
    next.clear(attempt.get());
    if (begun && current.orElseThrow().interruptedAt.isEmpty()) writePrompt();
    else if (begun) refusePrompt("It was interrupted.");
  }

  /** Ends a run of output outside of any turn; no more output of it will follow. */
  private void endUninitializedRun() throws IOException {
    if (current.isPresent() && !isInitialized())
      endRun(runEndResolver.sideRequestEnd(current.get()));
  }

  /** Starts an attempt; returns false if the run has ended already. */
  boolean start(RunAttempt attempt) {
    controlHandlers.clear();
    if (!runCommandSender.start(attempt)) {
      attempt.completion().complete(null);
      return false;
    }
    current = Optional.of(new RunAttempt.AttemptState(attempt, services.clock().instant(), false));
    cliBusy = cliBusy || attempt.prompt().isPresent();
    finishedAt = Optional.empty();
    onActivity(services.clock().instant());
    actOn(attempt.startRecorded() ? List.of() : runCommandSender.catchUp());
    current.ifPresent(attemptState -> attemptState.updateMode(processContext.state()));
    return current.isPresent();
  }

  void writePrompt() throws IOException {
    if (current.isPresent() && current.get().attempt.prompt().isPresent()) {
      controlHandlers.permissions().startHookPoint(PROMPT); // Hooks may take some time.
      promptPreparer.prepare(
          current.get().attempt,
          new PromptPreparer.Callback(
              run -> currentRunId().filter(run::equals).isPresent(),
              this::sendPrompt,
              this::refusePrompt));
    }
  }

  private void sendPrompt(ClaudeInput prompt) {
    controlHandlers.permissions().endHookPoint(PROMPT);
    try {
      controlRequestSender.sendPrompt(prompt, current.orElseThrow().options);
      current.get().promptedAt = Optional.of(services.clock().instant());
      sideRequestHandler.reportIfDue();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** Ends a run whose prompt was not sent to the CLI, which waits for the next one. */
  private void refusePrompt(String reason) {
    controlHandlers.permissions().endHookPoint(PROMPT);
    cliBusy = false;
    try {
      ProcessFault fault = new ProcessFault(Failure.SETUP, false, reason);
      endRun(runEndResolver.resolve(current.orElseThrow(), fault));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /**
   * Handles a state of the CLI; returns the error if it is wrong. A prompt's turn ends with a
   * result: without one, the CLI is still idle from before. A process that was taken over repeats
   * it after the end of its last run.
   */
  Optional<String> onStateChanged(String state) throws IOException {
    switch (state) {
      case "running" -> cliBusy = true;
      case "idle" -> {
        if (isInitialized()) return Optional.of("the CLI is idle and gave no result");
        if (current.filter(attemptState -> attemptState.attempt.prompt().isPresent()).isEmpty()) {
          cliBusy = false;
          finishedAt = Optional.empty();
          endUninitializedRun();
          if (retirementReason().isEmpty()) { // Otherwise the next check ends the process.
            checkpointExternalChanges();
            startIfIdle();
          }
        }
      }
      default -> {}
    }
    return Optional.empty();
  }

  void finishRun(ResultMessage resultMessage) throws IOException {
    if (resultMessage.isAtTurnLimit()) { // The last text is part of the result.
      outputBuffer.flush();
      refreshState();
    }
    if (!isInitialized()) {
      outputBuffer.flush();
      cliCosts.report(resultMessage.totalCostUsd());
      return; // Result of a run whose end is recorded.
    }
    RunAttempt.AttemptState attemptState = current.get();
    if (attemptState.isPromptPending() && resultMessage.isOfTaskNotification()) {
      outputBuffer.flush();
      attemptState.awaitPromptTurn(services.clock().instant());
      return;
    }
    var cliCost = cliCosts.report(resultMessage.totalCostUsd());
    if (runEndResolver.resolve(attemptState, resultMessage) instanceof FinishRun finish) {
      endRun(finish.with(cliCost.orElse(null), null));
    } else if (outputBuffer.flushWaiting()) { // An interrupt among the new events changes the end.
      endRun(runEndResolver.resolve(attemptState, resultMessage));
    }
    finishedAt = Optional.of(services.clock().instant());
  }

  private void endRun(SessionCommand command) throws IOException {
    RunAttempt attempt = current.orElseThrow().attempt;
    retirement.onRunEnded(current.get().options.permissionMode());
    outputBuffer.recordEnd(command);
    current = Optional.empty();
    controlHandlers.clear();
    confirmCheckpoint(services.checkpoints().checkpointAfter(processContext, attempt));
    attempt.completion().complete(null);
  }

  /** Takes a checkpoint of external changes, which must not count as changes of the next run. */
  void checkpointExternalChanges() {
    next.find()
        .flatMap(attempt -> services.checkpoints().checkpointBefore(processContext, attempt))
        .ifPresent(checkpoint -> confirmCheckpoint(Optional.of(checkpoint)));
  }

  private void confirmCheckpoint(Optional<CheckpointId> checkpoint) {
    actOn(runCommandSender.catchUp());
    checkpoint.ifPresent(id -> services.checkpoints().confirmCheckpoint(processContext, id));
  }

  private boolean isInitialized() {
    return current.filter(attemptState -> attemptState.initialized).isPresent();
  }

  boolean isCliOccupied() {
    return cliBusy || current.isPresent();
  }

  /** Returns whether the files were restored since the process read them. */
  boolean refreshAndDetectFileChange() {
    actOn(
        next.find()
            .map(attempt -> processContext.state().catchUpTo(attempt.run()))
            .orElseGet(processContext.state()::catchUp));
    return !services.checkpoints().isCurrent(processContext);
  }

  /** Fails the run in progress, or the next one if the process never started. */
  void failRun(Failure failure, boolean retryable, String error) throws IOException {
    Optional<RunAttempt> expected = next.find();
    if (current.isEmpty() && expected.isPresent() && !processContext.process().hasOutput()) {
      start(expected.get());
      next.clear(expected.get());
    }
    if (!outputBuffer.flushWaiting()) return; // The new events may end it.
    var fault = new ProcessFault(failure, retryable, error);
    endRun(runEndResolver.resolveProcessEnd(current.get(), fault));
  }

  /** Returns why the process may execute no further run; empty if it may. */
  Optional<String> retirementReason() {
    SessionAvailability availability = processContext.state().availability();
    boolean answers = sideRequestHandler.isWaiting() && availability.mayStartProcess();
    return retirement.reason(next.find().isPresent() || answers);
  }

  /** Returns whether the process has to end now: no run is in progress, and the CLI is idle. */
  boolean isRetirementDue() {
    boolean retires = current.isEmpty() && retirementReason().isPresent();
    return retirement.isDue(retires, cliBusy, services.clock().instant());
  }

  /**
   * Records the end of the process, which also ends its background tasks and its reports.
   *
   * @param otherwise the reason, unless the session gives one
   * @return whether its files are no longer needed, because its run has ended, too
   */
  boolean recordProcessEnd(String otherwise) throws IOException {
    processContext.state().catchUp();
    runCommandSender.recordProcessEnd(retirementReason().orElse(otherwise));
    runCommandSender.recordUsage();
    return current.isEmpty();
  }

  /** Handles the end of the process, after all of its output was read. */
  void onProcessEnded() throws IOException {
    String reason = processContext.process().exitMessage();
    failRun(Failure.CLI, true, reason);
    sideRequestHandler.failAll(reason);
  }

  /** Reads new events of the session, and acts on requests of clients. */
  void refreshState() {
    actOn(processContext.state().catchUp());
  }

  /** Acts on requests of clients, which may be among new events of the session. */
  void actOn(List<SessionEvent> newEvents) {
    try {
      for (SessionEvent event : newEvents) handle(event);
      sideRequestHandler.sendNext(currentRunId());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    var run = currentRunId().flatMap(processContext.state()::run);
    if (run.filter(RunState::isInterruptRequested).isPresent()) interrupt();
    controlRequestSender.stopTasks(services.clock().instant());
    controlRequestSender.sendToBackground();
  }

  private void handle(SessionEvent event) throws IOException {
    switch (event) {
      case ActionEvent action -> {
        if (controlHandlers.resolve(action)) {
          current.ifPresent(attemptState -> attemptState.planApproved = true);
        }
      }
      case InterruptRequested request
          when currentRunId().filter(request.runId()::equals).isPresent() ->
          interrupt();
      case PermissionModeSet set ->
          current.ifPresent(
              attemptState -> controlRequestSender.switchMode(set.permissionMode(), attemptState));
      case BudgetSet ignored ->
          current.ifPresent(
              attemptState -> {
                attemptState.shortfall = runCommandSender.findShortfall(attemptState);
                runCommandSender.bindRun(attemptState.attempt);
              });
      case RunEvent.RunFailed failed -> onRunEnded(failed.runId());
      case RunEvent.RunInterrupted interrupted -> onRunEnded(interrupted.runId());
      default -> {}
    }
  }

  /** Handles the end of a run that the service recorded during the attempt. */
  private void onRunEnded(RunId run) {
    if (currentRunId().filter(run::equals).isEmpty()) return;
    RunAttempt attempt = current.orElseThrow().attempt;
    interrupt();
    current = Optional.empty();
    outputBuffer.clear();
    controlHandlers.clear();
    finishedAt = Optional.of(services.clock().instant()); // It must become idle or is ended.
    attempt.completion().complete(null);
  }

  private void interrupt() {
    if (current.isEmpty() || current.get().interruptedAt.isPresent()) return;
    current.get().interruptedAt = Optional.of(services.clock().instant());
    controlRequestSender.interrupt();
  }

  /** Returns whether silence is expected, because a user, a hook or a tool is busy. */
  boolean isWaiting() {
    return controlHandlers.isWaiting();
  }

  /** Checks the process and returns the error, if there is one. */
  Optional<String> check() throws IOException {
    outputBuffer.flushWaiting();
    Instant now = services.clock().instant();
    var toldToStop = now.minus(services.watchdog().interruptTimeout());
    if (controlRequestSender.hasTaskToldToStopBefore(toldToStop))
      return Optional.of("the CLI did not stop a background task when it was told to");
    if (current.isEmpty())
      return finishedAt
          .filter(at -> cliBusy && services.watchdog().isHung(at, now))
          .map(at -> "the CLI hung after its result");
    RunAttempt.AttemptState attemptState = current.get();
    attemptState.checkTimeout(now);
    boolean modelAway = outageMonitor.check(attemptState, now);
    if (attemptState.timedOut || attemptState.outage.isPresent()) interrupt();
    controlRequestSender.tick();
    return services.watchdog().check(attemptState, lastLine, isWaiting() || modelAway, now);
  }
}
