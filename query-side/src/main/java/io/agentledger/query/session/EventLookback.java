package io.agentledger.query.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.SessionEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Looks up earlier events that later ones do not repeat: the main thread, the execution of a run
 * and the request of an action. If a stream starts in the middle, it reads the session's past
 * backwards, no further than to what it looks for, and each event once. Not thread-safe.
 */
final class EventLookback {
  /** Types of the events that are read; the last two precede the start of each run. */
  private static final List<Class<?>> REMEMBERED_EVENTS =
      List.of(
          RunStarted.class,
          PermissionRequested.class,
          QuestionAsked.class,
          ClientToolCalled.class,
          ElicitationRequested.class,
          QueryIssued.class,
          QueryQueued.class);

  /** Events of the first page; most are found in it. */
  private static final int FIRST_PAGE = 16;

  private static final int PAGE_MAX = 1_000;

  /** Reads events of a session from its past. */
  interface PastEvents {
    /** Returns events of these types before a sequence number, the newest first. */
    List<? extends DomainEventMessage<?>> readBackwards(long before, List<Class<?>> types, int max);
  }

  private final PastEvents pastEvents;
  private final Map<RunId, Optional<Execution>> runs = new HashMap<>();
  private final Map<ActionId, ActionEvent> actions = new HashMap<>();
  private @Nullable ThreadId mainThread;
  private long before;
  private int page = FIRST_PAGE;

  /**
   * Creates the lookup.
   *
   * @param start sequence number of the first event of the stream; only earlier ones are read
   */
  EventLookback(PastEvents pastEvents, long start) {
    this.pastEvents = pastEvents;
    this.before = start;
  }

  /** Remembers the agent's own thread, for a stream that starts after the first event. */
  void rememberMainThread(ThreadId thread) {
    mainThread = thread;
  }

  void remember(SessionEvent event) {
    switch (event) {
      case SessionOpened opened -> mainThread = opened.threadId();
      case RunStarted started -> runs.put(started.runId(), Optional.of(started.execution()));
      case PermissionRequested request -> actions.put(request.actionId(), request);
      case QuestionAsked request -> actions.put(request.actionId(), request);
      case ClientToolCalled called -> actions.put(called.actionId(), called);
      case ElicitationRequested request -> actions.put(request.actionId(), request);
      case QueryIssued issued -> runs.putIfAbsent(issued.runId(), Optional.empty());
      case QueryQueued queued -> runs.putIfAbsent(queued.runId(), Optional.empty());
      default -> {} // The event contains all that is needed.
    }
  }

  /** Returns the execution of a run; null for a run that never started. */
  @Nullable Execution find(RunId run) {
    while (!runs.containsKey(run) && before > 0) readPage();
    return runs.getOrDefault(run, Optional.empty()).orElse(null);
  }

  /** Returns whether the thread is the agent's own. */
  boolean isMainThread(ThreadId thread) {
    return thread.equals(mainThread);
  }

  /** Returns the request of the action. */
  @Nullable ActionEvent find(ActionId action) {
    while (!actions.containsKey(action) && before > 0) readPage();
    return actions.get(action);
  }

  private void readPage() {
    var events = pastEvents.readBackwards(before, REMEMBERED_EVENTS, page);
    for (var message : events) rememberOlder((SessionEvent) message.getPayload());
    before = events.size() < page ? 0 : events.getLast().getSequenceNumber();
    page = Math.min(2 * page, PAGE_MAX);
  }

  /** Remembers an event that is older than all that are remembered. */
  private void rememberOlder(SessionEvent event) {
    switch (event) {
      case RunStarted started ->
          runs.putIfAbsent(started.runId(), Optional.of(started.execution()));
      case ActionEvent request -> actions.putIfAbsent(request.actionId(), request);
      default -> remember(event);
    }
  }
}
