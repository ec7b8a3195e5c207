package io.agentledger.projection.trigger;

import io.agentledger.api.trigger.TriggerEvent;
import io.agentledger.api.trigger.TriggerEvent.TriggerArchived;
import io.agentledger.api.trigger.TriggerEvent.TriggerChanged;
import io.agentledger.api.trigger.TriggerEvent.TriggerCreated;
import io.agentledger.api.trigger.TriggerEvent.TriggerPaused;
import io.agentledger.api.trigger.TriggerEvent.TriggerResumed;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.VersionedProjection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each trigger, and one for each of its versions. */
@ProcessingGroup(TriggerProjection.GROUP)
class TriggerProjection extends VersionedProjection<TriggerRow, TriggerVersionRow> {
  static final String GROUP = "trigger";

  TriggerProjection(
      TriggerRowRepository triggers,
      TriggerVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(triggers, versions, TriggerVersionRow::new, poisonEventIsolator);
  }

  @EventHandler
  void on(TriggerEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case TriggerCreated created -> insert(new TriggerRow(created, message), message);
      case TriggerChanged changed -> update(message, trigger -> trigger.update(changed));
      case TriggerPaused _ -> update(message, trigger -> trigger.pause(true));
      case TriggerResumed _ -> update(message, trigger -> trigger.pause(false));
      case TriggerArchived _ -> update(message, trigger -> trigger.archive(message));
    }
  }
}
