package io.agentledger.query.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
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
 * Looks up facts that later events do not repeat: the execution of a run and the question of an
 * action. A reader who joins in the middle reads the session's past once, when needed. Not
 * thread-safe.
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
  private boolean complete;

  /**
   * @param pastEvents all facts of the session from its first
   */
  EventLookback(Supplier<Iterator<? extends DomainEventMessage<?>>> pastEvents) {
    this.pastEvents = pastEvents;
  }

  /** Says that nothing was missed: the reader began at the beginning. */
  void markComplete() {
    complete = true;
  }

  void remember(SessionEvent event) {
    switch (event) {
      case RunStarted started -> runs.put(started.runId(), started.execution());
      case PermissionRequested request -> actions.put(request.actionId(), request);
      case QuestionAsked request -> actions.put(request.actionId(), request);
      case ClientToolCalled called -> actions.put(called.actionId(), called);
      case ElicitationRequested request -> actions.put(request.actionId(), request);
      default -> {} // Says all that it means.
    }
  }

  /** What carries the run out; null for a run that never started. */
  @Nullable Execution find(RunId run) {
    if (!runs.containsKey(run)) readPast();
    return runs.get(run);
  }

  /** The event that asked it. */
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
