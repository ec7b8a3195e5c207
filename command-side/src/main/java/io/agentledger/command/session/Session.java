package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.SessionId;
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
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionCommand.TimeOutRun;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.command.SubmitResult.Accepted;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.ModelSet;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.command.session.RunLifecycle.RunFailure;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.store.crypto.Sealer;
import java.util.ArrayList;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A conversation: one run of a query at a time, a short queue behind it. It keeps what its next
 * decision needs and never content, which passes through sealed. Every handler ends by saying what
 * the session is doing, if that has changed; a new session is idle, no event says so.
 */
@Aggregate(type = "Session", snapshotTriggerDefinition = "sessionSnapshots", cache = "sessionCache")
@Revision("7") // Of the snapshot: one of another shape is not read, the events are.
@SuppressWarnings("NullAway.Init") // The first event fills it.
class Session extends AbstractSession {
  private ThreadId thread;
  private RunOptions options;
  private ActivityState standing = ActivityState.IDLE;
  private OpenRuns runs = new OpenRuns();
  private QueryQueue queue = new QueryQueue();
  private PendingActions actions = new PendingActions();
  private JournalPositions journals = new JournalPositions();
  private BackgroundTasks tasks = new BackgroundTasks();
  private RunningCalls calls = new RunningCalls();

  Session() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  SessionId open(
      OpenSession command,
      Sealer sealer,
      SessionDefaults sessionDefaults,
      SessionOpener sessionOpener) {
    if (thread == null)
      sessionOpener.open(command, sessionDefaults, new SessionSealer(sealer, command.sessionId()));
    return command.sessionId();
  }

  @CommandHandler
  SubmitResult submit(SubmitInputs command, Sealer sealer, ElicitationFormValidator forms) {
    long before = getVersion() + 1;
    var sessionSealer = new SessionSealer(sealer, id);
    var accepted = new ArrayList<Accepted>();
    for (var input : command.inputs())
      switch (input) {
        case Input.Prompt prompt -> accepted.add(intake(sessionSealer).accept(prompt));
        case Input.Resume _ -> resume();
        case Input.Interrupt _ -> course().interrupt();
        case Input.Withdraw back -> queue.withdraw(id, back.queryId());
        case Input.SetPermissionMode set -> set(set);
        case Input.SetModel set -> set(set);
        case Input.StopTask stop -> tasks.stop(id, stop.taskId());
        case Input.AddDirectories add -> directories.add(add.directories(), sessionSealer);
        case Input.RemoveDirectories back -> directories.remove(id, back.names());
        case Input.SendToBackground send ->
            apply(new BackgroundRequested(id, calls.requireRunning(send.toolCallId())));
        case Input.SubmitSideRequest submitSideRequest ->
            submitSideRequest(submitSideRequest, runs, sessionSealer);
        case Input.Decide decide -> actions.decide(decide, sessionSealer);
        case Input.Answer answer -> actions.answer(answer, sessionSealer);
        case Input.AnswerTool answer -> actions.answer(answer, sessionSealer);
        case Input.AnswerElicitation answer -> actions.answer(answer, forms, sessionSealer);
      }
    announce();
    return new SubmitResult(id, before, accepted);
  }

  /** What is set before a prompt in the same batch counts for it. */
  private QueryIntake intake(SessionSealer sealer) {
    return new QueryIntake(course(), budget, options, sealer);
  }

  @CommandHandler
  void start(StartRun command) {
    course().start(command, thread);
    announce();
  }

  @CommandHandler
  void record(RecordOutput command, Sealer sealer) {
    course().requireCurrentEpoch(command.epoch());
    new OutputRecorder(runs, actions, journals, tasks)
        .record(command, new SessionSealer(sealer, id));
    announce();
  }

  @CommandHandler
  void finish(FinishRun command, Sealer sealer) {
    course().requireCurrentEpoch(command.epoch());
    var sessionSealer = new SessionSealer(sealer, id);
    end(command.runId(), run -> run.completed(command, sessionSealer));
  }

  @CommandHandler
  void endInterrupted(EndInterruptedRun command) {
    course().requireCurrentEpoch(command.epoch());
    end(command.runId(), run -> run.interrupted(id, command.duration()));
  }

  @CommandHandler
  void fail(FailRun command, Sealer sealer) {
    course().requireCurrentEpoch(command.epoch());
    var sessionSealer = new SessionSealer(sealer, id);
    var runFailure =
        new RunFailure(command.failure(), command.retryable(), command.duration(), command.error());
    course().toEnd(command.runId()).ifPresent(run -> course().fail(run, runFailure, sessionSealer));
    announce();
  }

  @CommandHandler
  void timeOut(TimeOutRun command, Sealer sealer) {
    var sessionSealer = new SessionSealer(sealer, id);
    runs.open(command.runId()) // Time may lose the race against an end; that is no error.
        .ifPresent(
            run -> course().fail(run, RunFailure.overTime(command.duration()), sessionSealer));
    announce();
  }

  @CommandHandler
  void giveUp(AbandonRun command, Sealer sealer) {
    var sessionSealer = new SessionSealer(sealer, id);
    var runFailure = new RunFailure(Failure.FAULT, true, command.duration(), command.error());
    var open = runs.open(command.runId()).filter(run -> run.failures() < command.tries());
    open.ifPresent(run -> course().fail(run, runFailure, sessionSealer));
    announce();
  }

  @CommandHandler
  void pause(PauseRun command, Sealer sealer) {
    course().requireCurrentEpoch(command.epoch());
    var sessionSealer = new SessionSealer(sealer, id);
    var open = course().toEnd(command.runId());
    open.ifPresent(run -> course().pause(run, command.duration(), sessionSealer));
    announce();
  }

  @CommandHandler
  void expire(ExpireAction command) {
    actions.expire(id, action -> action.id().equals(command.actionId()), Expiry.DEADLINE);
    announce();
  }

  private void set(Input.SetPermissionMode wish) {
    if (wish.permissionMode() != options.permissionMode())
      apply(new PermissionModeSet(id, wish.permissionMode()));
  }

  private void set(Input.SetModel wish) {
    if (!wish.model().equals(options.model())) apply(new ModelSet(id, wish.model()));
  }

  private void resume() {
    keeping.resume(id);
    course().continueQueue();
  }

  private void end(RunId run, Function<Run, RunEvent> how) {
    course().toEnd(run).ifPresent(open -> course().end(open, how.apply(open)));
    announce();
  }

  @Override
  RunLifecycle course() {
    return new RunLifecycle(id, keeping, runs, queue, actions, journals);
  }

  @Override
  void announce() {
    var now = ActivityState.from(actions, runs, keeping);
    if (!now.equals(standing)) apply(new ActivityChanged(id, now.activity(), now.pending()));
  }

  @EventSourcingHandler
  void on(SessionOpened event, @MetaDataValue(Provenance.TENANT) @Nullable String of) {
    id = event.sessionId();
    tenant = of;
    rights = SessionAcl.of(event.owner());
    thread = event.threadId();
    options = event.options();
    budget.set(event.budget());
    directories.on(event);
    toolbox.on(event);
  }

  @EventSourcingHandler
  void on(ActivityChanged event) {
    standing = new ActivityState(event.activity(), event.pending());
  }

  @EventSourcingHandler
  void on(QueryQueued event, MetaData metadata) {
    queue.on(event, metadata);
  }

  @EventSourcingHandler
  void on(QueryIssued event) {
    queue.gone(event.queryId());
    runs.issued(event.runId(), event.queryId());
  }

  @EventSourcingHandler
  void on(QueryWithdrawn event) {
    queue.gone(event.queryId());
  }

  @EventSourcingHandler
  void on(PermissionModeSet event) {
    options = options.in(event.permissionMode());
  }

  @EventSourcingHandler
  void on(ModelSet event) {
    options = options.with(event.model());
  }

  @EventSourcingHandler
  void on(InterruptRequested event) {
    runs.open(event.runId()).ifPresent(Run::interruptRequested);
  }

  @EventSourcingHandler
  void on(RunEvent event) {
    runs.on(event);
    calls.on(event);
    if (event instanceof RunStarted started) {
      journals.begun(started.machinery().epoch());
      tasks.begun(started.machinery().processId());
    }
  }

  @EventSourcingHandler
  void on(OutputEvent event) {
    journals.recorded(event.place());
    tasks.on(event);
    calls.on(event);
    if (event instanceof TurnFinished turn) {
      journals.counted(turn.exchangeId());
      budget.on(turn);
      runs.open(turn.runId()).ifPresent(run -> run.on(turn));
    }
  }

  @EventSourcingHandler
  void on(ActionEvent event, @SequenceNumber long number) {
    actions.on(event, number);
  }
}
