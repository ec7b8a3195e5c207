package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookRegistry;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.HookAttached;
import io.agentledger.api.session.event.LifecycleEvent.HookDetached;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventsourcing.EventSourcingHandler;

/** Hooks that are attached to a session. Commands without effect are ignored. */
final class SessionHooks {
  private List<HookId> attached = List.of();

  void attach(SessionId session, TenantId tenant, SessionHook hook, HookRegistry registry) {
    if (attached.contains(hook.hookId())) return;
    if (attached.size() >= SessionHook.COUNT_MAX)
      throw new RejectionException(new TooMany("session_hooks", SessionHook.COUNT_MAX));
    registry.check(tenant, hook.definition());
    apply(new HookAttached(session, hook.hookId(), hook.name(), hook.definition()));
  }

  void detach(SessionId session, HookId hook) {
    if (attached.contains(hook)) apply(new HookDetached(session, hook));
  }

  /** Detaches all hooks, because they were of another owner. */
  void detachAll(SessionId session) {
    attached.forEach(hook -> apply(new HookDetached(session, hook)));
  }

  @EventSourcingHandler
  void on(HookAttached event) {
    var all = new ArrayList<>(attached);
    all.add(event.hookId());
    attached = List.copyOf(all);
  }

  @EventSourcingHandler
  void on(HookDetached event) {
    attached = attached.stream().filter(hook -> !hook.equals(event.hookId())).toList();
  }
}
