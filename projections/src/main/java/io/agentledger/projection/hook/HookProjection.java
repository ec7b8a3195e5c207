package io.agentledger.projection.hook;

import io.agentledger.api.hook.HookEvent;
import io.agentledger.api.hook.HookEvent.HookArchived;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps one row for each hook, and one for each of its calls. */
@ProcessingGroup(HookProjection.GROUP)
class HookProjection extends Projection {
  static final String GROUP = "hook";

  private final HookRowRepository hooks;
  private final HookExecutionRowRepository executions;

  HookProjection(
      HookRowRepository hooks,
      HookExecutionRowRepository executions,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.hooks = hooks;
    this.executions = executions;
  }

  @EventHandler
  void on(
      HookCreated event,
      @Timestamp Instant at,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    insertIfAbsent(
        HookRow.class, event.hookId().value(), status, () -> new HookRow(tenant, event, at));
  }

  @EventHandler
  void on(HookEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    var hook =
        hooks
            .findById(event.hookId().value())
            .orElseThrow(() -> new IllegalStateException("no hook " + event.hookId()));
    if (!hook.advanceTo(number, at)) return;
    switch (event) {
      case HookCreated ignored -> {} // It has a handler of its own.
      case HookChanged changed ->
          hook.update(changed.version(), changed.name(), changed.definition());
      case HookArchived ignored -> hook.archive(at);
    }
  }

  @EventHandler
  void on(
      HookExecuted event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    var row = new HookExecutionRow(tenant, event, number + 1, at);
    insertIfAbsent(HookExecutionRow.class, row.key(), status, () -> row);
  }

  @ResetHandler
  void reset() {
    executions.deleteAllInBatch();
    hooks.deleteAllInBatch();
  }
}
