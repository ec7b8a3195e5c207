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
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.SessionEvent;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Looks up earlier events that later ones do not repeat: the main thread, the execution of a run
 * and the request of an action. If a stream starts in the middle, it reads the session's past once,
 * when needed. Not thread-safe.
 */
final class EventLookback {
  private static final Set<Class<?>> REMEMBERED_EVENTS =
      Set.of(
          RunStarted.class,
          PermissionRequested.class,
          QuestionAsked.class,
          ClientToolCalled.class,
          ElicitationRequested.class);

  private final Supplier<Iterator<? extends DomainEventMessage<?>>> pastEvents;
  private final Map<RunId, Execution> runs = new HashMap<>();
  private final Map<ActionId, ActionEvent> actions = new HashMap<>();
  private @Nullable ThreadId mainThread;
  private boolean complete;

  /**
   * Creates the lookup.
   *
   * @param pastEvents events of the session from the first one, at least those before the stream
   */
  EventLookback(Supplier<Iterator<? extends DomainEventMessage<?>>> pastEvents) {
    this.pastEvents = pastEvents;
  }

  /** Marks that the stream started at the first event, so that no earlier events are missing. */
  void markComplete() {
    complete = true;
  }

  /** Remembers the agent's own thread, for a stream that starts after the first event. */
  void rememberMainThread(ThreadId thread) {
    mainThread = thread;
  }

  void remember(SessionEvent event) {
    switch (event) {
      case SessionOpened opened -> mainThread = opened.threadId();
      case RunStarted started -> runs.put(started.runId(), started.execution());
      case PermissionRequested request -> actions.put(request.actionId(), request);
      case QuestionAsked request -> actions.put(request.actionId(), request);
      case ClientToolCalled called -> actions.put(called.actionId(), called);
      case ElicitationRequested request -> actions.put(request.actionId(), request);
      default -> {} // The event contains all that is needed.
    }
  }

  /** Returns the execution of a run; null for a run that never started. */
  @Nullable Execution find(RunId run) {
    if (!runs.containsKey(run)) readPast();
    return runs.get(run);
  }

  /** Returns whether the thread is the agent's own. */
  boolean isMainThread(ThreadId thread) {
    return thread.equals(mainThread);
  }

  /** Returns the request of the action. */
  @Nullable ActionEvent find(ActionId action) {
    if (!actions.containsKey(action)) readPast();
    return actions.get(action);
  }

  private void readPast() {
    if (complete) return;
    pastEvents
        .get()
        .forEachRemaining(
            message -> {
              if (REMEMBERED_EVENTS.contains(message.getPayloadType()))
                remember((SessionEvent) message.getPayload());
            });
    complete = true;
  }
}
