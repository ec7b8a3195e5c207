package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.ActionEvent.Expiry;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.LifecycleEvent.ModelSet;
import io.agentledger.api.session.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.OutputEvent;
import io.agentledger.api.session.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.QueryEvent.InterruptRequested;
import io.agentledger.api.session.QueryEvent.QueryIssued;
import io.agentledger.api.session.QueryEvent.QueryQueued;
import io.agentledger.api.session.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.Receipt;
import io.agentledger.api.session.Receipt.Accepted;
import io.agentledger.api.session.Rights;
import io.agentledger.api.session.RunEvent;
import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.api.session.RunEvent.RunStarted;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.SessionCommand.ExpireAction;
import io.agentledger.api.session.SessionCommand.FailRun;
import io.agentledger.api.session.SessionCommand.FinishRun;
import io.agentledger.api.session.SessionCommand.GiveUpRun;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionCommand.PauseRun;
import io.agentledger.api.session.SessionCommand.RecordOutput;
import io.agentledger.api.session.SessionCommand.StartRun;
import io.agentledger.api.session.SessionCommand.Submit;
import io.agentledger.api.session.SessionCommand.TimeOutRun;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.TurnEvent.TurnFinished;
import io.agentledger.command.session.Course.Failing;
import io.agentledger.command.support.Surroundings;
import io.agentledger.store.content.Sealer;
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
@Aggregate(snapshotTriggerDefinition = "sessionSnapshots", cache = "sessionCache")
@Revision("7") // Of the snapshot: one of another shape is not read, the events are.
@SuppressWarnings("NullAway.Init") // The first event fills it.
class Session extends TendedSession {
  private ThreadId thread;
  private RunOptions options;
  private Standing standing = Standing.IDLE;
  private Runs runs = new Runs();
  private Queue queue = new Queue();
  private PendingActions actions = new PendingActions();
  private Journals journals = new Journals();
  private Tasks tasks = new Tasks();
  private RunningCalls calls = new RunningCalls();

  Session() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  SessionId open(
      OpenSession command, Sealer sealer, Surroundings surroundings, Beginning beginning) {
    if (thread == null)
      beginning.begin(command, surroundings, new Sealing(sealer, command.sessionId()));
    return command.sessionId();
  }

  @CommandHandler
  Receipt submit(Submit command, Sealer sealer, Forms forms) {
    long before = getVersion() + 1;
    var sealing = new Sealing(sealer, id);
    var accepted = new ArrayList<Accepted>();
    for (var input : command.inputs())
      switch (input) {
        case Input.Prompt prompt -> accepted.add(intake(sealing).take(prompt));
        case Input.Resume _ -> resume();
        case Input.Interrupt _ -> course().interrupt();
        case Input.Withdraw back -> queue.withdraw(id, back.queryId());
        case Input.SetPermissionMode set -> set(set);
        case Input.SetModel set -> set(set);
        case Input.StopTask stop -> tasks.stop(id, stop.taskId());
        case Input.AddDirectories add -> directories.add(add.directories(), sealing);
        case Input.RemoveDirectories back -> directories.remove(id, back.names());
        case Input.SendToBackground send ->
            apply(new BackgroundRequested(id, calls.wished(send.toolCallId())));
        case Input.AskAside ask -> ask(ask, runs, sealing);
        case Input.Decide decide -> actions.decide(decide, sealing);
        case Input.Answer answer -> actions.answer(answer, sealing);
        case Input.AnswerTool answer -> actions.answer(answer, sealing);
        case Input.AnswerElicitation answer -> actions.answer(answer, forms, sealing);
      }
    announce();
    return new Receipt(id, before, accepted);
  }

  /** What is set before a prompt in the same batch counts for it. */
  private Intake intake(Sealing sealing) {
    return new Intake(course(), budget, options, sealing);
  }

  @CommandHandler
  void start(StartRun command) {
    course().start(command, thread);
    announce();
  }

  @CommandHandler
  void record(RecordOutput command, Sealer sealer) {
    course().refuseStale(command.epoch());
    new Recording(runs, actions, journals, tasks).record(command, new Sealing(sealer, id));
    announce();
  }

  @CommandHandler
  void finish(FinishRun command, Sealer sealer) {
    course().refuseStale(command.epoch());
    var sealing = new Sealing(sealer, id);
    end(command.runId(), run -> run.completed(command, sealing));
  }

  @CommandHandler
  void endInterrupted(EndInterruptedRun command) {
    course().refuseStale(command.epoch());
    end(command.runId(), run -> run.interrupted(id, command.duration()));
  }

  @CommandHandler
  void fail(FailRun command, Sealer sealer) {
    course().refuseStale(command.epoch());
    var sealing = new Sealing(sealer, id);
    var failing =
        new Failing(command.failure(), command.retryable(), command.duration(), command.error());
    course().toEnd(command.runId()).ifPresent(run -> course().fail(run, failing, sealing));
    announce();
  }

  @CommandHandler
  void timeOut(TimeOutRun command, Sealer sealer) {
    var sealing = new Sealing(sealer, id);
    runs.open(command.runId()) // Time may lose the race against an end; that is no error.
        .ifPresent(run -> course().fail(run, Failing.overTime(command.duration()), sealing));
    announce();
  }

  @CommandHandler
  void giveUp(GiveUpRun command, Sealer sealer) {
    var sealing = new Sealing(sealer, id);
    var failing = new Failing(Failure.FAULT, true, command.duration(), command.error());
    var open = runs.open(command.runId()).filter(run -> run.failures() < command.tries());
    open.ifPresent(run -> course().fail(run, failing, sealing));
    announce();
  }

  @CommandHandler
  void pause(PauseRun command, Sealer sealer) {
    course().refuseStale(command.epoch());
    var sealing = new Sealing(sealer, id);
    var open = course().toEnd(command.runId());
    open.ifPresent(run -> course().pause(run, command.duration(), sealing));
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
    course().goOn();
  }

  private void end(RunId run, Function<Run, RunEvent> how) {
    course().toEnd(run).ifPresent(open -> course().end(open, how.apply(open)));
    announce();
  }

  @Override
  Course course() {
    return new Course(id, keeping, runs, queue, actions, journals);
  }

  @Override
  void announce() {
    var now = Standing.of(actions, runs, keeping);
    if (!now.equals(standing)) apply(new ActivityChanged(id, now.activity(), now.pending()));
  }

  @EventSourcingHandler
  void on(SessionOpened event, @MetaDataValue(Provenance.TENANT) @Nullable String of) {
    id = event.sessionId();
    tenant = of;
    rights = Rights.of(event.owner());
    thread = event.threadId();
    options = event.options();
    budget.set(event.budget());
  }

  @EventSourcingHandler
  void on(ActivityChanged event) {
    standing = new Standing(event.activity(), event.pending());
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
