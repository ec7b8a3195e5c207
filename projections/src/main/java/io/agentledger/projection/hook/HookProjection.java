package io.agentledger.projection.hook;

import io.agentledger.api.hook.HookEvent;
import io.agentledger.api.hook.HookEvent.HookArchived;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.session.event.LifecycleEvent.SessionHookExecuted;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each hook, and one for each of its executions. */
@ProcessingGroup(HookProjection.GROUP)
class HookProjection extends ConfigurationProjection<HookRow> {
  static final String GROUP = "hook";

  private final HookExecutionRowRepository executions;

  HookProjection(
      HookRowRepository hooks,
      HookExecutionRowRepository executions,
      PoisonEventIsolator poisonEventIsolator) {
    super(hooks, poisonEventIsolator);
    this.executions = executions;
  }

  @EventHandler
  void on(HookEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case HookCreated created -> insert(new HookRow(created, message), message);
      case HookChanged changed -> update(message, hook -> hook.update(changed));
      case HookArchived ignored -> update(message, hook -> hook.archive(message));
    }
  }

  @EventHandler
  void on(HookExecuted event, DomainEventMessage<?> message) {
    var row = new HookExecutionRow(event, message);
    insertIfAbsent(row.key(), row, message);
  }

  @EventHandler
  void on(SessionHookExecuted event, DomainEventMessage<?> message) {
    var row = new HookExecutionRow(event, message);
    insertIfAbsent(row.key(), row, message);
  }

  @Override
  protected void reset() {
    executions.deleteAllInBatch();
    super.reset();
  }
}
