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
 * What later facts leave unsaid because earlier ones said it: what a run runs on, and what an
 * action asked. Whoever joins in the middle reads the session's past once, when it is needed. For
 * one thread.
 */
final class EventLookback {
  private static final Set<Class<?>> TELLING =
      Set.of(
          RunStarted.class,
          PermissionRequested.class,
          QuestionAsked.class,
          ClientToolCalled.class,
          ElicitationRequested.class);

  private final Supplier<Iterator<? extends DomainEventMessage<?>>> past;
  private final Map<RunId, Execution> runs = new HashMap<>();
  private final Map<ActionId, ActionEvent> actions = new HashMap<>();
  private boolean complete;

  /**
   * @param past all facts of the session from its first
   */
  EventLookback(Supplier<Iterator<? extends DomainEventMessage<?>>> past) {
    this.past = past;
  }

  /** Says that nothing was missed: the reader began at the beginning. */
  void readsFromTheStart() {
    complete = true;
  }

  void learn(SessionEvent event) {
    switch (event) {
      case RunStarted started -> runs.put(started.runId(), started.machinery());
      case PermissionRequested request -> actions.put(request.actionId(), request);
      case QuestionAsked request -> actions.put(request.actionId(), request);
      case ClientToolCalled called -> actions.put(called.actionId(), called);
      case ElicitationRequested request -> actions.put(request.actionId(), request);
      default -> {} // Says all that it means.
    }
  }

  /** What carries the run out; null for a run that never started. */
  @Nullable Execution of(RunId run) {
    if (!runs.containsKey(run)) recall();
    return runs.get(run);
  }

  /** The event that asked it. */
  @Nullable ActionEvent of(ActionId action) {
    if (!actions.containsKey(action)) recall();
    return actions.get(action);
  }

  private void recall() {
    if (complete) return;
    past.get()
        .forEachRemaining(
            message -> {
              if (TELLING.contains(message.getPayloadType()))
                learn((SessionEvent) message.getPayload());
            });
    complete = true;
  }
}
