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
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.state.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The runs of one process, one after the other: begins attempts, hears what others wish of them,
 * says how they end. All but the looks from outside is the attendant's thread's.
 */
final class RunCoordinator {
  private final ProcessContext processContext;
  private final SupervisorServices services;
  private final RunCommandSender runCommandSender;
  private final ControlHandlers controlHandlers;
  private final ControlRequestSender controlRequestSender;
  private final RunEndResolver ends;
  private final SideRequestHandler sideRequestHandler;
  private volatile Optional<RunAttempt> expected = Optional.empty();
  private volatile Optional<RunAttempt.AttemptState> current = Optional.empty();
  private volatile Instant lastLine;
  private Optional<Instant> finishedAt = Optional.empty();
  private boolean busy;

  RunCoordinator(
      ProcessContext processContext,
      SupervisorServices services,
      RunCommandSender runCommandSender,
      ControlHandlers controlHandlers) {
    this.processContext = processContext;
    this.services = services;
    this.runCommandSender = runCommandSender;
    this.controlHandlers = controlHandlers;
    this.controlRequestSender = new ControlRequestSender(processContext);
    this.ends = new RunEndResolver(processContext, services, runCommandSender);
    this.sideRequestHandler = new SideRequestHandler(processContext, runCommandSender);
    this.lastLine = services.clock().instant();
  }

  // ---- looks from outside

  Optional<RunId> run() {
    return current.map(attemptState -> attemptState.attempt.run());
  }

  /** The attempt that is under way, or about to be. */
  Optional<RunAttempt> attempt() {
    return current.map(attemptState -> attemptState.attempt).or(() -> expected);
  }

  void onActivity(Instant at) {
    lastLine = at;
  }

  void expect(RunAttempt attempt) {
    expected = Optional.of(attempt);
  }

  /** It took more than it may, and is killed for it: that is why its run ends, however it ends. */
  void killForLimit(String what) {
    ends.setLimitExceeded(what);
  }

  void adopt(RunAttempt.AttemptState attemptState) {
    current = Optional.of(attemptState);
    busy = true;
  }

  // ---- the attendant's thread

  ControlRequestSender helm() {
    return controlRequestSender;
  }

  SideRequestHandler sideRequests() {
    return sideRequestHandler;
  }

  Optional<RunAttempt.AttemptState> current() {
    return current;
  }

  /** Begins what is expected, unless the CLI is still at something. */
  void startIfIdle() throws IOException {
    if (busy || expected.isEmpty()) {
      return;
    }
    endAside();
    RunAttempt attempt = expected.get();
    boolean begun = start(attempt);
    expected = Optional.empty();
    if (begun) {
      writePrompt();
    }
  }

  /** What was said by itself outside of any turn: nothing of it will follow. */
  private void endAside() {
    if (current.filter(attemptState -> !attemptState.initialized).isPresent()) {
      end(ends.sideRequestEnd(current.get()));
    }
  }

  /**
   * @return false if the run is over already
   */
  boolean start(RunAttempt attempt) {
    controlHandlers.clear();
    if (!runCommandSender.start(attempt)) {
      attempt.over().complete(null);
      return false;
    }
    current = Optional.of(new RunAttempt.AttemptState(attempt, services.clock().instant(), false));
    busy = busy || attempt.prompt().isPresent();
    finishedAt = Optional.empty();
    onActivity(services.clock().instant());
    refreshState();
    return current.isPresent();
  }

  void writePrompt() throws IOException {
    if (current.isPresent() && current.get().attempt.prompt().isPresent()) {
      RunAttempt.Prompt prompt = current.get().attempt.prompt().get();
      current.get().promptedAt = Optional.of(services.clock().instant());
      controlRequestSender.prompt(prompt, current.get().options);
    }
  }

  /**
   * @return what is wrong with the process, if something is
   */
  Optional<String> changed(String state) throws IOException {
    switch (state) {
      case "running" -> busy = true;
      case "idle" -> {
        if (current.filter(attemptState -> attemptState.initialized).isPresent()) {
          return Optional.of("the CLI is idle and gave no result");
        }
        if (current.isEmpty() || current.get().promptedAt.isEmpty()) {
          busy = false;
          finishedAt = Optional.empty();
          endAside();
          startIfIdle();
        }
      }
      default -> {}
    }
    return Optional.empty();
  }

  void finish(ResultMessage resultMessage) throws IOException {
    if (current.filter(attemptState -> attemptState.initialized).isEmpty()) {
      return; // Of a run whose end is on the record.
    }
    RunAttempt.AttemptState attemptState = current.get();
    runCommandSender.recordUsage();
    end(ends.resolve(attemptState, resultMessage));
    finishedAt = Optional.of(services.clock().instant());
  }

  private void end(SessionCommand how) {
    RunAttempt attempt = current.orElseThrow().attempt;
    runCommandSender.end(how);
    current = Optional.empty();
    controlHandlers.clear();
    settle(
        services
            .states()
            .takeCheckpoint(processContext, new Moment.After(attempt.run()), attempt.provenance()));
    attempt.over().complete(null);
  }

  /** What was changed from outside is not the run's that begins. */
  void checkpointTouched() {
    expected.ifPresent(
        next ->
            settle(
                services
                    .states()
                    .checkpointTouched(processContext, next.run(), next.provenance())));
  }

  private void settle(Optional<CheckpointId> taken) {
    refreshState();
    taken.ifPresent(id -> services.states().settle(processContext, id));
  }

  boolean isAtWork() {
    return busy || current.isPresent();
  }

  /** Whether somebody has put the files back since the process saw them. */
  boolean refreshAndCheckFiles() {
    refreshState();
    return !services.states().isCurrent(processContext);
  }

  /** Ends what is under way, if something is: the process will not. */
  void giveUp(Failure failure, boolean retryable, String error) throws IOException {
    if (current.isEmpty()) {
      return;
    }
    runCommandSender.recordUsage();
    RunAttempt.AttemptState attemptState = current.get();
    end(ends.resolve(attemptState, new ProcessFault(failure, retryable, error)));
  }

  /** The process has ended and all that it said is recorded. */
  void ended() throws IOException {
    String why = processContext.process().lastWords();
    giveUp(Failure.CLI, true, why);
    sideRequestHandler.fail(why);
  }

  /** Reads what is new on the record, and acts on what others put there. */
  void refreshState() {
    try {
      for (SessionEvent event : processContext.record().catchUp()) {
        react(event);
      }
      sideRequestHandler.sendNext(run());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    if (run()
        .flatMap(processContext.record()::run)
        .filter(RunState::isInterruptRequested)
        .isPresent()) {
      interrupt();
    }
    controlRequestSender.stopTasks();
    controlRequestSender.sendToBackground();
  }

  private void react(SessionEvent event) throws IOException {
    switch (event) {
      case ActionEvent action -> {
        if (controlHandlers.resolve(action)) {
          current.ifPresent(attemptState -> attemptState.planApproved = true);
        }
      }
      case InterruptRequested request when run().filter(request.runId()::equals).isPresent() ->
          interrupt();
      case PermissionModeSet set ->
          current.ifPresent(
              attemptState -> controlRequestSender.switchMode(set.permissionMode(), attemptState));
      case BudgetSet ignored ->
          current.ifPresent(attemptState -> runCommandSender.bindRun(attemptState.attempt));
      case RunEvent.RunFailed failed -> over(failed.runId());
      case RunEvent.RunInterrupted interrupted -> over(interrupted.runId());
      default -> {}
    }
  }

  /** The house ended the run while we were at it. */
  private void over(RunId run) {
    if (run().filter(run::equals).isPresent()) {
      RunAttempt attempt = current.orElseThrow().attempt;
      interrupt();
      current = Optional.empty();
      controlHandlers.clear();
      finishedAt = Optional.of(services.clock().instant()); // It must come to rest, or it is ended.
      attempt.over().complete(null);
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

  /**
   * @return what is wrong with the process, if something is
   */
  Optional<String> check() {
    Instant now = services.clock().instant();
    if (current.isEmpty()) {
      return finishedAt
          .filter(at -> busy && services.watchdog().isHung(at, now))
          .map(at -> "the CLI hung after its result");
    }
    RunAttempt.AttemptState attemptState = current.get();
    if (now.isAfter(attemptState.startedAt.plus(attemptState.attempt.options().timeout()))) {
      attemptState.timedOut = attemptState.interruptedAt.isEmpty() || attemptState.timedOut;
      interrupt();
    }
    controlRequestSender.tick();
    boolean waits = controlHandlers.isWaiting();
    return services.watchdog().check(attemptState, lastLine, waits, now);
  }
}
