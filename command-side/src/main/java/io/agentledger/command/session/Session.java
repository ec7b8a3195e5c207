package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import io.agentledger.api.hook.HookRegistry;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.AbandonRun;
import io.agentledger.api.session.command.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.command.SessionCommand.ExpireAction;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.PauseRun;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.RecordProcessEnd;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionCommand.TimeOutRun;
import io.agentledger.api.session.command.SessionLifecycleCommand.RefuseRun;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.command.SubmitResult.Accepted;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.ModelSet;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.event.QueryEvent.TaskStopRequested;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NothingRunning;
import io.agentledger.command.session.RunLifecycle.RunFailure;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.crypto.Sealer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A conversation: executes one run of a query at a time and has a short queue of further queries.
 * Its state contains what later decisions need, and never content, which is sealed in events. Every
 * handler finally records the session's activity if it has changed; a new session is idle without
 * an event.
 */
@Aggregate(type = "Session", snapshotTriggerDefinition = "sessionSnapshots", cache = "sessionCache")
@Revision("14") // Ignores snapshots of another shape.
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Session extends AbstractSession {
  private ThreadId thread;
  private RunOptions options;
  private ActivityState activityState = ActivityState.IDLE;
  private OpenRuns runs = new OpenRuns();
  private QueryQueue queue = new QueryQueue();
  private PendingActions actions = new PendingActions();
  private JournalPositions journals = new JournalPositions();
  private BackgroundTasks tasks = new BackgroundTasks();
  private OpenCalls calls = new OpenCalls();
  private transient @Nullable RunLifecycle runLifecycle; // Not part of snapshots.

  Session() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  SubmitResult open(
      OpenSession command,
      Sealer sealer,
      SessionDefaults sessionDefaults,
      SessionOpener sessionOpener,
      AnswerValidator answers,
      HookRegistry hookRegistry,
      RunStarter runStarter,
      MetaData metaData) {
    var starter = runStarter;
    if (thread == null) {
      var requested = command.spec().hooks();
      SessionSharing.requireMayAttach(requested, Caller.of(metaData));
      var sessionSealer = new SessionSealer(sealer, command.sessionId());
      var opened = sessionOpener.open(command, sessionDefaults, sessionSealer);
      starter = (issued, recorded) -> runStarter.reserve(issued, recorded.withOpening(opened));
      requested.forEach(hook -> hooks.attach(id, tenantId(), hook, hookRegistry));
    }
    return accept(command.inputs(), sealer, answers, starter);
  }

  /** Checks who allows calls of the platform for a user, after the access to the session. */
  @CommandHandlerInterceptor
  void authorizeDecisions(
      SubmitInputs command, MetaData metaData, ActionInitiatorReader initiators) {
    authorize(command, metaData); // The order of interceptors is not specified.
    Caller.of(metaData)
        .ifPresent(
            caller -> {
              for (var input : command.inputs())
                if (input instanceof Input.Decide decide)
                  actions.requireMayDecide(id, decide, caller, initiators);
            });
  }

  @CommandHandler
  SubmitResult submit(
      SubmitInputs command, Sealer sealer, AnswerValidator answers, RunStarter runStarter) {
    return accept(command.inputs(), sealer, answers, runStarter);
  }

  private SubmitResult accept(
      List<Input> inputs, Sealer sealer, AnswerValidator answers, RunStarter runStarter) {
    long before = getVersion() + 1;
    var sessionSealer = new SessionSealer(sealer, id);
    // The other inputs of a batch may change what a process needs.
    var starter = inputs.size() == 1 ? runStarter : RunStarter.NONE;
    var accepted = new ArrayList<Accepted>();
    for (var input : inputs)
      switch (input) {
        case Input.Prompt prompt ->
            accepted.add(
                new QueryIntake(runLifecycle(), budget, options, sessionSealer, starter, before)
                    .accept(prompt));
        case Input.Resume _ -> resume();
        case Input.Interrupt _ -> interrupt(inputs.size() == 1);
        case Input.CancelQuery cancel -> cancel(cancel);
        case Input.Withdraw withdraw -> queue.withdraw(id, withdraw.queryId());
        case Input.SetPermissionMode set -> set(set);
        case Input.SetModel set -> set(set);
        case Input.StopTask stop -> tasks.stop(id, stop.taskId());
        case Input.AddDirectories add -> directories.add(add.directories(), sessionSealer);
        case Input.RemoveDirectories removeDirectories ->
            directories.remove(id, removeDirectories.names());
        case Input.SendToBackground send ->
            apply(new BackgroundRequested(id, calls.requireRunning(send.toolCallId(), runs)));
        case Input.SubmitSideRequest submitSideRequest ->
            submitSideRequest(submitSideRequest, runs, sessionSealer);
        case Input.Decide decide -> actions.decide(decide, sessionSealer);
        case Input.Answer answer -> actions.answer(answer, answers, sessionSealer);
        case Input.AnswerTool answer -> actions.answer(answer, sessionSealer);
        case Input.AnswerElicitation answer -> actions.answer(answer, answers, sessionSealer);
      }
    announceActivity();
    return new SubmitResult(id, before, accepted);
  }

  @CommandHandler
  void start(StartRun command, Sealer sealer) {
    runLifecycle().start(command, new SessionSealer(sealer, id));
    announceActivity();
  }

  @CommandHandler
  void record(RecordOutput command) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    new OutputRecorder(runs, actions, journals, tasks, calls).record(command);
    budget.announceThreshold(id);
    announceActivity();
  }

  @CommandHandler
  void finish(FinishRun command, Sealer sealer) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    var sessionSealer = new SessionSealer(sealer, id);
    if (command.lastOutput() != null) record(command.lastOutput());
    end(command.runId(), run -> run.completedEvent(command, sessionSealer));
  }

  @CommandHandler
  void endInterrupted(EndInterruptedRun command, Sealer sealer) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    runLifecycle().endProcess(command.endedProcess(), new SessionSealer(sealer, id));
    if (runs.open(command.runId()).isPresent()) tasks.stopAll(id); // Tasks that began meanwhile.
    end(command.runId(), run -> run.interruptedEvent(id, command.duration()));
  }

  @CommandHandler
  void fail(FailRun command, Sealer sealer) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    var sessionSealer = new SessionSealer(sealer, id);
    var runFailure =
        new RunFailure(command.failure(), command.retryable(), command.duration(), command.error());
    runLifecycle().endProcess(command.endedProcess(), sessionSealer);
    runLifecycle()
        .findUnlessEnded(command.runId())
        .filter(run -> run.failures() < command.tryNumber())
        .ifPresent(run -> runLifecycle().fail(run, runFailure, sessionSealer));
    announceActivity();
  }

  @CommandHandler
  void timeOut(TimeOutRun command, Sealer sealer) {
    var sessionSealer = new SessionSealer(sealer, id);
    runs.open(command.runId()) // No error if the run has ended meanwhile.
        .ifPresent(
            run -> runLifecycle().fail(run, RunFailure.timeout(command.duration()), sessionSealer));
    announceActivity();
  }

  @CommandHandler
  void abandon(AbandonRun command, Sealer sealer) {
    var sessionSealer = new SessionSealer(sealer, id);
    var runFailure = new RunFailure(Failure.FAULT, true, command.duration(), command.error());
    var open = runs.open(command.runId()).filter(run -> run.failures() < command.tryNumber());
    open.ifPresent(run -> runLifecycle().fail(run, runFailure, sessionSealer));
    announceActivity();
  }

  @CommandHandler
  boolean refuse(RefuseRun command, Sealer sealer) {
    var run = runs.open(command.runId());
    run.ifPresent(open -> runLifecycle().refuse(open, command, new SessionSealer(sealer, id)));
    announceActivity();
    return runs.open(command.runId()).isEmpty();
  }

  @CommandHandler
  void pause(PauseRun command, Sealer sealer) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    var sessionSealer = new SessionSealer(sealer, id);
    runLifecycle()
        .findUnlessEnded(command.runId())
        .filter(run -> run.isInProgress(command.attempt()))
        .ifPresent(run -> runLifecycle().pause(run, command, sessionSealer));
    if (budget.isRaisedDuringAttempt() && !lifecycle.isPaused()) runLifecycle().resume();
    announceActivity();
  }

  @CommandHandler
  void endProcess(RecordProcessEnd command, Sealer sealer) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    var sessionSealer = new SessionSealer(sealer, id);
    runLifecycle().endProcess(command.processId(), command.reason(), sessionSealer);
    announceActivity();
  }

  @CommandHandler
  void expire(ExpireAction command) {
    actions.expire(id, action -> action.id().equals(command.actionId()), ExpiryReason.DEADLINE);
    announceActivity();
  }

  private void set(Input.SetPermissionMode command) {
    if (command.permissionMode() != options.permissionMode())
      apply(new PermissionModeSet(id, command.permissionMode()));
  }

  private void set(Input.SetModel command) {
    if (!command.model().equals(options.model())) apply(new ModelSet(id, command.model()));
  }

  /**
   * Interrupts the run and the background tasks.
   *
   * @param required whether there must be one; a batch may continue with a prompt instead
   */
  private void interrupt(boolean required) {
    if (required && runs.open().isEmpty() && !tasks.isAnyRunning())
      throw new RejectionException(new NothingRunning(id.value()));
    runLifecycle().interrupt();
    tasks.stopAll(id);
  }

  private void cancel(Input.CancelQuery cancel) {
    if (queue.positionOf(cancel.queryId()) >= 0) queue.withdraw(id, cancel.queryId());
    else runs.open(cancel.runId()).ifPresent(runLifecycle()::interrupt);
  }

  private void resume() {
    lifecycle.resume(id);
    runLifecycle().continueQueue();
  }

  private void end(RunId run, Function<Run, RunEvent> toEndEvent) {
    runLifecycle()
        .findUnlessEnded(run)
        .ifPresent(open -> runLifecycle().end(open, toEndEvent.apply(open)));
    announceActivity();
  }

  @Override
  RunLifecycle runLifecycle() {
    if (runLifecycle == null)
      runLifecycle =
          new RunLifecycle(id, lifecycle, runs, queue, actions, journals, tasks, calls, thread);
    return runLifecycle;
  }

  @Override
  void announceActivity() {
    var now = ActivityState.from(actions, runs, lifecycle);
    if (!now.equals(activityState)) apply(new ActivityChanged(id, now.activity(), now.pending()));
  }

  @EventSourcingHandler
  void on(SessionOpened event, @MetaDataValue(Provenance.TENANT) @Nullable String tenantId) {
    id = event.sessionId();
    tenant = tenantId;
    acl = SessionAcl.ownedBy(event.ownerId());
    thread = event.threadId();
    options = event.options();
  }

  @EventSourcingHandler
  void on(ActivityChanged event) {
    activityState = new ActivityState(event.activity(), event.pendingActionIds());
  }

  @EventSourcingHandler
  void on(QueryQueued event, MetaData metadata) {
    queue.on(event, metadata);
  }

  @EventSourcingHandler
  void on(QueryIssued event) {
    queue.remove(event.queryId());
    runs.onIssued(event.runId(), event.queryId());
  }

  @EventSourcingHandler
  void on(QueryWithdrawn event) {
    queue.remove(event.queryId());
  }

  @EventSourcingHandler
  void on(PermissionModeSet event) {
    options = options.withPermissionMode(event.permissionMode());
  }

  @EventSourcingHandler
  void on(ModelSet event) {
    options = options.withModel(event.model());
  }

  @EventSourcingHandler
  void on(InterruptRequested event) {
    runs.open(event.runId()).ifPresent(Run::markInterruptRequested);
  }

  @EventSourcingHandler
  void on(TaskStopRequested event) {
    tasks.on(event);
  }

  @EventSourcingHandler
  void on(RunEvent event) {
    runs.on(event);
    if (event instanceof RunStarted started) {
      journals.onEpoch(started.execution().epoch());
      tasks.onProcessStarted(started.execution().processId());
    }
  }

  @EventSourcingHandler
  void on(OutputEvent event) {
    journals.advanceTo(event.sourcePosition());
    tasks.on(event);
    calls.on(event);
    if (event instanceof MessageReceived received) journals.on(received);
    if (event instanceof TurnFinished turn) {
      journals.markCounted(turn.exchangeId());
      runs.open(turn.runId()).ifPresent(run -> run.on(turn));
    }
  }

  @EventSourcingHandler
  void on(ActionEvent event, @SequenceNumber long number) {
    actions.allowedBy(event).ifPresent(calls::markAllowed);
    actions.deniedBy(event).ifPresent(calls::markDenied);
    actions.on(event, number);
  }
}
