package io.agentledger.command.claude.run;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
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
import java.util.Optional;

/**
 * The runs of one process, one after the other: begins attempts, hears what others wish of them,
 * says how they end. All but the looks from outside is the attendant's thread's.
 */
final class RunCoordinator {
  private static final String PROMPT = "prompt";

  private final ProcessContext processContext;
  private final SupervisorServices services;
  private final RunCommandSender runCommandSender;
  private final ControlHandlers controlHandlers;
  private final ControlRequestSender controlRequestSender;
  private final PromptPreparer promptPreparer;
  private final RunEndResolver runEndResolver;
  private final SideRequestHandler sideRequestHandler;
  private final ProcessRetirement retirement;
  private final OutageMonitor outageMonitor;
  private final NextAttempt next = new NextAttempt();
  private volatile Optional<RunAttempt.AttemptState> current = Optional.empty();
  private volatile Instant lastLine;
  private Optional<Instant> finishedAt = Optional.empty();
  private boolean cliBusy;

  RunCoordinator(
      ProcessContext processContext,
      SupervisorServices services,
      RunCommandSender runCommandSender,
      ControlHandlers controlHandlers,
      PromptPreparer promptPreparer) {
    this.processContext = processContext;
    this.services = services;
    this.runCommandSender = runCommandSender;
    this.controlHandlers = controlHandlers;
    this.promptPreparer = promptPreparer;
    this.controlRequestSender = new ControlRequestSender(processContext);
    this.runEndResolver = new RunEndResolver(processContext, services, runCommandSender);
    this.sideRequestHandler =
        new SideRequestHandler(processContext, runCommandSender, promptPreparer::commandRefusals);
    this.retirement = new ProcessRetirement(processContext);
    this.outageMonitor = new OutageMonitor(processContext, runCommandSender);
    this.lastLine = services.clock().instant();
  }

  Optional<RunId> currentRunId() {
    return current.map(attemptState -> attemptState.attempt.run());
  }

  /** The attempt that is under way, or about to be. */
  Optional<RunAttempt> currentOrExpectedAttempt() {
    return current.map(attemptState -> attemptState.attempt).or(next::find);
  }

  void onActivity(Instant at) {
    lastLine = at;
  }

  void expect(RunAttempt attempt) {
    next.submit(attempt);
  }

  /** It took more than it may and is killed: its run ends by this, and no other begins here. */
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

  /** Begins what is expected, unless the CLI is still at something or is being killed. */
  void startIfIdle() throws IOException {
    Optional<RunAttempt> attempt = next.find();
    if (cliBusy || attempt.isEmpty() || runEndResolver.isLimitExceeded()) {
      return;
    }
    endUninitializedRun();
    boolean begun = start(attempt.get());
    next.clear(attempt.get());
    if (begun) {
      writePrompt();
    }
  }

  /** What was said by itself outside of any turn: nothing of it will follow. */
  private void endUninitializedRun() {
    if (current.filter(attemptState -> !attemptState.initialized).isPresent()) {
      endRun(runEndResolver.sideRequestEnd(current.get()));
    }
  }

  /**
   * @return false if the run is over already
   */
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
    refreshState();
    return current.isPresent();
  }

  void writePrompt() throws IOException {
    if (current.isPresent() && current.get().attempt.prompt().isPresent()) {
      controlHandlers.permissions().startHookPoint(PROMPT); // Its hooks may take their time.
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
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** The CLI has got nothing of it, and waits for the next one. */
  private void refusePrompt(String reason) {
    controlHandlers.permissions().endHookPoint(PROMPT);
    cliBusy = false;
    try {
      runCommandSender.recordUsage();
      ProcessFault fault = new ProcessFault(Failure.SETUP, false, reason);
      endRun(runEndResolver.resolve(current.orElseThrow(), fault));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /**
   * A prompt's turn ends with a result: where none has come, the CLI was idle before it. A process
   * that was taken over says so again, because the end of the run before is behind its last output.
   *
   * @return what is wrong with the process, if something is
   */
  Optional<String> onStateChanged(String state) throws IOException {
    switch (state) {
      case "running" -> cliBusy = true;
      case "idle" -> {
        if (current.filter(attemptState -> attemptState.initialized).isPresent()) {
          return Optional.of("the CLI is idle and gave no result");
        }
        if (current.filter(attemptState -> attemptState.attempt.prompt().isPresent()).isEmpty()) {
          cliBusy = false;
          finishedAt = Optional.empty();
          endUninitializedRun();
          if (retirementReason().isEmpty()) { // Else the next look ends the process.
            startIfIdle();
          }
        }
      }
      default -> {}
    }
    return Optional.empty();
  }

  void finishRun(ResultMessage resultMessage) throws IOException {
    if (current.filter(attemptState -> attemptState.initialized).isEmpty()) {
      return; // Of a run whose end is on the record.
    }
    RunAttempt.AttemptState attemptState = current.get();
    if (attemptState.isPromptPending() && resultMessage.isOfTaskNotification()) {
      attemptState.awaitPromptTurn(services.clock().instant());
      return;
    }
    runCommandSender.recordUsage();
    endRun(runEndResolver.resolve(attemptState, resultMessage));
    finishedAt = Optional.of(services.clock().instant());
  }

  private void endRun(SessionCommand command) {
    RunAttempt attempt = current.orElseThrow().attempt;
    retirement.onRunEnded(current.get().options.permissionMode());
    runCommandSender.endRun(command);
    current = Optional.empty();
    controlHandlers.clear();
    confirmCheckpoint(
        services
            .checkpoints()
            .takeCheckpoint(processContext, new Moment.After(attempt.run()), attempt.provenance()));
    attempt.completion().complete(null);
  }

  /** What was changed from outside is not the run's that begins. */
  void checkpointExternalChanges() {
    next.find()
        .ifPresent(
            attempt ->
                confirmCheckpoint(
                    services
                        .checkpoints()
                        .checkpointExternalChanges(
                            processContext, attempt.run(), attempt.provenance())));
  }

  private void confirmCheckpoint(Optional<CheckpointId> checkpoint) {
    refreshState();
    checkpoint.ifPresent(id -> services.checkpoints().confirmCheckpoint(processContext, id));
  }

  boolean isCliOccupied() {
    return cliBusy || current.isPresent();
  }

  /** Whether somebody has put the files back since the process saw them. */
  boolean refreshAndDetectFileChange() {
    refreshState();
    return !services.checkpoints().isCurrent(processContext);
  }

  /** Ends the process's run in progress, or the one that a process that never started was for. */
  void failRun(Failure failure, boolean retryable, String error) throws IOException {
    Optional<RunAttempt> expected = next.find();
    if (current.isEmpty() && expected.isPresent() && !processContext.process().hasOutput()) {
      start(expected.get());
      next.clear(expected.get());
    }
    if (current.isPresent()) {
      runCommandSender.recordUsage();
      ProcessFault fault = new ProcessFault(failure, retryable, error);
      endRun(runEndResolver.resolveProcessEnd(current.get(), fault));
    }
  }

  /** Why the process may carry out no further run, if it may not. */
  Optional<String> retirementReason() {
    SessionAvailability availability = processContext.state().availability();
    boolean answers = sideRequestHandler.isWaiting() && availability.mayStartProcess();
    return retirement.reason(next.find().isPresent() || answers);
  }

  /** Whether it has to end now: no run is in progress, and the CLI is at rest. */
  boolean isRetirementDue() {
    boolean retires = current.isEmpty() && retirementReason().isPresent();
    return retirement.isDue(retires, cliBusy, services.clock().instant());
  }

  /**
   * The process is gone: what it did in the background has ended with it, and nothing more is to be
   * found out about it.
   *
   * @param otherwise why, if it was not because of its session
   * @return whether nothing of its files is needed any more: its run has an end, too
   */
  boolean recordProcessEnd(String otherwise) throws IOException {
    processContext.state().catchUp();
    runCommandSender.recordProcessEnd(retirementReason().orElse(otherwise));
    runCommandSender.recordUsage();
    return current.isEmpty();
  }

  /** The process has ended and all that it said is recorded. */
  void onProcessEnded() throws IOException {
    String reason = processContext.process().exitMessage();
    failRun(Failure.CLI, true, reason);
    sideRequestHandler.failAll(reason);
  }

  /** Reads what is new on the record, and acts on what others put there. */
  void refreshState() {
    try {
      for (SessionEvent event : processContext.state().catchUp()) {
        handle(event);
      }
      sideRequestHandler.sendNext(currentRunId());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    if (currentRunId()
        .flatMap(processContext.state()::run)
        .filter(RunState::isInterruptRequested)
        .isPresent()) {
      interrupt();
    }
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
          current.ifPresent(attemptState -> runCommandSender.bindRun(attemptState.attempt));
      case RunEvent.RunFailed failed -> onRunEnded(failed.runId());
      case RunEvent.RunInterrupted interrupted -> onRunEnded(interrupted.runId());
      default -> {}
    }
  }

  /** The house ended the run while we were at it. */
  private void onRunEnded(RunId run) {
    if (currentRunId().filter(run::equals).isPresent()) {
      RunAttempt attempt = current.orElseThrow().attempt;
      interrupt();
      current = Optional.empty();
      controlHandlers.clear();
      finishedAt = Optional.of(services.clock().instant()); // It must come to rest, or it is ended.
      attempt.completion().complete(null);
    }
  }

  private void interrupt() {
    current
        .filter(attemptState -> attemptState.interruptedAt.isEmpty())
        .ifPresent(
            attemptState -> {
              attemptState.interruptedAt = Optional.of(services.clock().instant());
              controlRequestSender.interrupt();
            });
  }

  /** Whether the process may be silent, because a person, a hook or a tool is busy. */
  boolean isWaiting() {
    return controlHandlers.isWaiting();
  }

  /**
   * @return what is wrong with the process, if something is
   */
  Optional<String> check() {
    Instant now = services.clock().instant();
    if (controlRequestSender.hasTaskToldToStopBefore(
        now.minus(services.watchdog().interruptTimeout()))) {
      return Optional.of("the CLI did not stop a background task when it was told to");
    }
    if (current.isEmpty()) {
      return finishedAt
          .filter(at -> cliBusy && services.watchdog().isHung(at, now))
          .map(at -> "the CLI hung after its result");
    }
    RunAttempt.AttemptState attemptState = current.get();
    attemptState.checkTimeout(now);
    boolean modelAway = outageMonitor.check(attemptState, now);
    if (attemptState.timedOut || attemptState.outage.isPresent()) interrupt();
    controlRequestSender.tick();
    return services.watchdog().check(attemptState, lastLine, isWaiting() || modelAway, now);
  }
}
