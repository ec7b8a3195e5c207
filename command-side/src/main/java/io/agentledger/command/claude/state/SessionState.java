package io.agentledger.command.claude.state;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.ConversationStored;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.QueryEvent.CommandInvoked;
import io.agentledger.api.session.event.QueryEvent.FilesAttached;
import io.agentledger.api.session.event.QueryEvent.FilesMentioned;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.event.QueryEvent.TaskStopRequested;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.TurnEvent;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.crypto.Sealer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Recorded state of a session as needed to execute its runs. After a crash it is the only source of
 * that state. It reads events only when a method for it is called. Confined to one thread.
 */
public final class SessionState {
  private final SessionId session;
  private final EventStore store;
  private final CommittedEvents committed;
  private final SessionSealer sealer;
  private final RunStates runs = new RunStates();
  private final QueryState queryState;
  private final ActionState actions = new ActionState();
  private final RecordedOffsets recordedOffsets = new RecordedOffsets();
  private final Map<MessageId, Integer> blocks = new HashMap<>();
  private final PendingRequests pendingRequests;
  private final RunCosts costs = new RunCosts();
  private final OpenElicitations elicitations = new OpenElicitations();
  private final SessionAvailability availability = new SessionAvailability();
  private final SessionSetup sessionSetup;
  private Content todos = Content.ABSENT;
  private FileState files = FileState.NONE;
  private Optional<Execution> lastExecution = Optional.empty();
  private Optional<Provenance> provenance = Optional.empty();
  private long nextSequence;

  /**
   * Recorded events, up to those of this node's commits at least: see {@code NotifyingEventStore}.
   */
  @FunctionalInterface
  public interface CommittedEvents {
    Optional<List<DomainEventMessage<?>>> from(String aggregate, long firstSequence);
  }

  public SessionState(SessionId session, EventStore store, Sealer sealer) {
    this(session, store, (aggregate, firstSequence) -> Optional.empty(), sealer);
  }

  /**
   * @param committed returns events without a query if it can
   */
  public SessionState(
      SessionId session, EventStore store, CommittedEvents committed, Sealer sealer) {
    this.session = session;
    this.store = store;
    this.committed = committed;
    this.sealer = new SessionSealer(sealer.withExistingKeys(), session);
    this.sessionSetup = new SessionSetup(session, sealer);
    this.queryState = new QueryState(session, sealer);
    this.pendingRequests = new PendingRequests(session, sealer);
  }

  /** Reads and returns the new events, oldest first. */
  public List<SessionEvent> catchUp() {
    return applyAll(store.readEvents(session.value(), nextSequence).asStream());
  }

  /** Applies the first event, which may not be recorded yet. */
  public void open(DomainEventMessage<SessionOpened> opening) {
    applyAll(Stream.of(opening));
  }

  /** As {@link #catchUp}, after a command of this node, whose events need no query mostly. */
  public List<SessionEvent> catchUpAfterCommand() {
    return committed
        .from(session.value(), nextSequence)
        .filter(events -> !events.isEmpty()) // Another node may have recorded some.
        .map(events -> applyAll(events.stream()))
        .orElseGet(this::catchUp);
  }

  /**
   * Reads new events without a query.
   *
   * @return whether the state is as of this sequence number of the next event
   */
  public boolean catchUpInMemory(long sequence) {
    if (nextSequence < sequence)
      committed.from(session.value(), nextSequence).ifPresent(events -> applyAll(events.stream()));
    return nextSequence == sequence;
  }

  /**
   * As {@link #catchUp} before the first attempt of a run, up to the event that issued it at least,
   * or that started it. Later events, which another node may have recorded, follow with the next
   * command of this node.
   */
  public List<SessionEvent> catchUpTo(RunId run) {
    List<SessionEvent> newEvents = new ArrayList<>(catchUpAfterCommand());
    boolean isToBegin =
        run(run).filter(known -> known.attempt() == 0 || known.isUnderWay()).isPresent();
    if (!isToBegin) newEvents.addAll(catchUp());
    return newEvents;
  }

  private List<SessionEvent> applyAll(Stream<? extends DomainEventMessage<?>> messages) {
    List<SessionEvent> newEvents = new ArrayList<>();
    messages.forEach(
        message -> {
          nextSequence = message.getSequenceNumber() + 1;
          if (message.getPayload() instanceof SessionEvent event) {
            apply(event, message);
            newEvents.add(event);
          }
        });
    return newEvents;
  }

  private void apply(SessionEvent event, DomainEventMessage<?> message) {
    provenance = Optional.of(Provenance.of(message.getMetaData()));
    pendingRequests.on(event, provenance.get());
    switch (event) {
      case LifecycleEvent lifecycle -> {
        sessionSetup.on(lifecycle);
        availability.on(lifecycle);
        switch (lifecycle) {
          case PermissionModeSet set -> runs.changeMode(set.permissionMode());
          case ConversationStored stored -> files = files.after(stored);
          default -> {}
        }
      }
      case QueryEvent query -> apply(query, message);
      case RunEvent run -> apply(run, message);
      case OutputEvent output -> apply(output, message.getTimestamp());
      case ActionEvent action -> {
        elicitations.on(action);
        actions.on(action);
        actions.allowedBy(action).ifPresent(runs::allow);
      }
      case CheckpointEvent checkpoint -> files = files.after(checkpoint, nextSequence);
      default -> {}
    }
  }

  private void apply(QueryEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case QueryQueued queued -> queryState.on(queued);
      case QueryIssued issued -> {
        queryState.on(issued);
        runs.onIssued(issued, Provenance.of(message.getMetaData()));
      }
      case FilesAttached files -> queryState.on(files);
      case FilesMentioned files -> queryState.on(files);
      case CommandInvoked command -> queryState.on(command);
      case QueryWithdrawn withdrawn -> queryState.removeQuery(withdrawn.queryId());
      case TaskStopRequested _, BackgroundRequested _ -> {} // See PendingRequests.
      case InterruptRequested request ->
          run(request.runId()).ifPresent(RunState::markInterruptRequested);
    }
  }

  private void apply(RunEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case RunEvent.RunStarted started -> {
        availability.on(started);
        lastExecution = Optional.of(started.execution());
        runs.onStarted(started, message, sessionSetup);
      }
      case RunEvent.RunFailed failed when failed.retrying() ->
          run(failed.runId()).ifPresent(run -> run.onFailed(failed));
      case RunEvent.RunResumed ignored -> {} // RunStarted follows.
      case RunEvent.RunPaused paused -> run(paused.runId()).ifPresent(RunState::pause);
      case RunEvent.RunFailed failed -> discardRun(failed.runId());
      case RunEvent.RunCompleted completed -> discardRun(completed.runId());
      case RunEvent.RunInterrupted interrupted -> discardRun(interrupted.runId());
    }
  }

  private void discardRun(RunId run) {
    runs.remove(run).ifPresent(ended -> actions.discard(ended.calls().keySet()));
    queryState.removeRun(run);
    costs.discard(run);
    if (runs.isEmpty()) {
      blocks.clear();
    }
  }

  private void apply(OutputEvent event, Instant at) {
    recordedOffsets.on(event.sourcePosition());
    runs.on(event, at);
    switch (event) {
      case OutputEvent.MessageReceived received ->
          blocks.merge(received.messageId(), received.blockIndex() + 1, Math::max);
      case OutputEvent.TodoUpdated updated -> todos = updated.todos();
      case TurnEvent.TurnFinished turn -> costs.add(turn);
      default -> {}
    }
  }

  public SessionId session() {
    return session;
  }

  /**
   * Returns the opening of the session.
   *
   * @throws IllegalStateException if the session does not exist in the store
   */
  public SessionOpened opened() {
    return sessionSetup.opened();
  }

  /** Returns the sequence number of the next event. */
  public long nextSequence() {
    return nextSequence;
  }

  /** Returns whether the session exists in the store. */
  public boolean isOpened() {
    return nextSequence > 0;
  }

  /** Returns the setup of the session. */
  public SessionSetup setup() {
    return sessionSetup;
  }

  /** Returns the availability of the session for processes. */
  public SessionAvailability availability() {
    return availability;
  }

  /** Returns the recorded state of the session's files. */
  public FileState files() {
    return files;
  }

  /** Returns the execution of the session's last run; empty before the first. */
  public Optional<Execution> lastExecution() {
    return lastExecution;
  }

  /** Returns the provenance of the last event, which applies to events without an own actor. */
  public Provenance provenance() {
    return provenance.orElseThrow(() -> new IllegalStateException("no session " + session));
  }

  /** Returns the billing context of the run in this process. */
  public BillingContext billingContext(RunId run, Provenance initiator, ProcessId process) {
    return new BillingContext(
        run,
        initiator,
        opened().ownerId(),
        sessionSetup.budget(),
        costs.runCostExcept(run, process),
        costs.sessionCostExcept(process),
        run(run).flatMap(RunState::unansweredSince));
  }

  /** Returns a run that has not ended. */
  public Optional<RunState> run(RunId id) {
    return runs.find(id);
  }

  /** Returns the recorded runs in progress of a process; at most two. */
  public List<RunState> runsUnderWayAt(ProcessId process) {
    return runs.runsUnderWayAt(process);
  }

  /** Returns the prompt of the run's query. */
  public String prompt(RunId run) {
    return queryState.promptText(run);
  }

  /** Returns the attachments of the query, a JSON list of blocks; empty if there are none. */
  public String attached(QueryId query) {
    return queryState.attached(query);
  }

  /** Returns the paths of the files that the query mentions. */
  public List<String> mentions(QueryId query) {
    return queryState.mentions(query);
  }

  /** Returns the slash command of the query, if it is one. */
  public Optional<SlashCommand> command(QueryId query) {
    return queryState.command(query);
  }

  /** Returns the recorded offset at which a reader of the process's file continues. */
  public long endOffset(ProcessId process, SourcePosition.Source source) {
    return recordedOffsets.endOffset(process, source);
  }

  /** Returns the number of recorded blocks of the message. */
  public int blocks(MessageId message) {
    return blocks.getOrDefault(message, 0);
  }

  /** Returns a tool call of a run that has not ended. */
  public Optional<RunState.ToolCall> call(ToolCallId id) {
    return runs.call(id);
  }

  /** Returns the action that requested a decision about the call, pending or resolved. */
  public Optional<ActionId> actionFor(ToolCallId call) {
    return actions.actionFor(call);
  }

  /**
   * Returns the input with which a call is allowed: a user's, or the one that was decided about.
   */
  public String allowedInput(ToolCallId id, RunState.ToolCall call) {
    return actions
        .changedInput(id)
        .map(input -> open(ActionEvent.PermissionDecided.class, "updatedInput", input))
        .orElseGet(() -> open(OutputEvent.ToolCalled.class, "input", call.input()));
  }

  /** Returns the event that resolved the action, if it is resolved. */
  public Optional<ActionEvent> resolutionOf(ActionId action) {
    return actions.resolutionOf(action);
  }

  /** Returns the open elicitations of MCP servers. */
  public OpenElicitations elicitations() {
    return elicitations;
  }

  /** Returns the permissions that users granted or denied for the whole session. */
  public RememberedPermissions rememberedPermissions() {
    return actions.rememberedPermissions();
  }

  /** Returns the pending requests to the session's process. */
  public PendingRequests pendingRequests() {
    return pendingRequests;
  }

  /** Returns whether a run is in progress or about to start. */
  public boolean isUnderWay() {
    return runs.isUnderWay();
  }

  /** Returns the agent's todo list as JSON; empty if there is none. */
  public String todos() {
    return open(OutputEvent.TodoUpdated.class, "todos", todos);
  }

  /** Seals what runners record: a run's prompt was sealed before, so the key exists. */
  public SessionSealer sealer() {
    return sealer;
  }

  /** Opens content of one of the session's events. */
  public String open(Class<? extends SessionEvent> event, String field, Content content) {
    return sealer.sealer().open(session, event, field, content);
  }
}
