package io.agentledger.command.trigger;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.Viewers;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TriggerRejection.DeliveryPending;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.InboundDeliveryCommand.MergeDelivery;
import io.agentledger.api.trigger.InboundDeliveryCommand.RecordDelivery;
import io.agentledger.api.trigger.InboundDeliveryCommand.RedeliverDelivery;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryMerged;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryProcessed;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryRedelivered;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.command.support.SharedAggregate;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Delivery of a trigger that was processed at least once. */
@Aggregate(type = "InboundDelivery")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class InboundDelivery extends SharedAggregate<InboundDeliveryId> {
  private TriggerId trigger;
  private int attempt;
  private boolean pending;
  private boolean queued;

  InboundDelivery() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void record(RecordDelivery command) {
    boolean isFirst = id == null;
    if (!isFirst && (!pending || command.attempt() != attempt)) return;
    apply(
        new InboundDeliveryProcessed(
            command.deliveryId(),
            command.triggerId(),
            command.ownerId(),
            command.attempt(),
            command.outcome()));
  }

  @CommandHandler
  void merge(MergeDelivery command) {
    if (queued) apply(new InboundDeliveryMerged(id, attempt, command.into()));
  }

  @CommandHandler
  void redeliver(RedeliverDelivery command, InboundDeliveryTable deliveries) {
    if (pending) throw new RejectionException(new DeliveryPending(id.value()));
    if (!deliveries.exists(id)) throw notFound(); // Its payload was deleted.
    apply(new InboundDeliveryRedelivered(id, trigger, attempt + 1));
  }

  @EventSourcingHandler
  void on(InboundDeliveryProcessed event, TenantId tenant) {
    if (id == null) {
      create(event.deliveryId(), tenant);
      share(event.ownerId(), new Viewers(false, List.of()));
    }
    trigger = event.triggerId();
    attempt = event.attempt();
    pending = false;
    queued =
        event.outcome() instanceof DeliveryOutcome.Queued
            || event.outcome() instanceof DeliveryOutcome.StartedFlow;
  }

  @EventSourcingHandler
  void on(InboundDeliveryMerged event) {
    queued = false;
  }

  @EventSourcingHandler
  void on(InboundDeliveryRedelivered event) {
    attempt = event.attempt();
    pending = true;
    queued = false;
  }
}
