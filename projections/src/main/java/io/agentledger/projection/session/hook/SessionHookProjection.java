package io.agentledger.projection.session.hook;

import io.agentledger.api.session.event.LifecycleEvent.HookAttached;
import io.agentledger.api.session.event.LifecycleEvent.HookDetached;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;

/** Keeps one row for each hook that is attached to a session. */
@ProcessingGroup(SessionProjection.GROUP)
public class SessionHookProjection extends Projection {
  private final SessionHookRowRepository hooks;

  SessionHookProjection(SessionHookRowRepository hooks, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.hooks = hooks;
  }

  @EventHandler
  void on(HookAttached event) {
    hooks.save(new SessionHookRow(event));
  }

  @EventHandler
  void on(HookDetached event) {
    hooks.deleteById(event.hookId().value());
  }

  @ResetHandler
  void reset() {
    hooks.deleteAllInBatch();
  }
}
