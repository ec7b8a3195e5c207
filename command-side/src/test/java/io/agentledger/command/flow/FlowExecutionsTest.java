package io.agentledger.command.flow;

import static io.agentledger.command.flow.FlowFixtures.FLOW;
import static io.agentledger.command.flow.FlowFixtures.HER;
import static io.agentledger.command.flow.FlowFixtures.HOME;
import static io.agentledger.command.flow.FlowFixtures.started;
import static io.agentledger.command.flow.FlowFixtures.workOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.Test;

/** Origin of the executions of flows. */
class FlowExecutionsTest {
  private final EventStore store =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
  private final List<CommandMessage<?>> commands = new ArrayList<>();

  private QueueExecution queueWork(FlowStarted event) {
    var bus = SimpleCommandBus.builder().build();
    bus.subscribe(QueueExecution.class.getName(), message -> commands.add(message));
    store.publish(new GenericDomainEventMessage<>("Flow", FLOW.value(), 0, event, HER));
    new FlowExecutions(
            new FlowReader(store, FlowFixtures.sealer()),
            (tenant, user) -> Optional.of(Role.MEMBER),
            new FlowCommandSender(DefaultCommandGateway.builder().commandBus(bus).build()))
        .queueWork(HOME, FLOW);
    return (QueueExecution) commands.getFirst().getPayload();
  }

  private Actor actor() {
    return Provenance.of(commands.getFirst().getMetaData()).actor();
  }

  @Test
  void executionOfAUsersFlowIsTheUsers() {
    assertThat(queueWork(started(workOnly())).trigger()).isEqualTo(new ExecutionTrigger.Flow(FLOW));
    assertThat(actor()).isEqualTo(Actor.ofUser(FlowFixtures.ADA));
  }

  @Test
  void executionOfATriggersFlowCountsAsOneOfAWebhook() {
    var event = started(workOnly());
    var origin = new FlowOrigin.Trigger("trg_2222222222", "ind_2222222222", false, "key");
    var command =
        queueWork(
            new FlowStarted(
                FLOW,
                event.principal(),
                origin,
                event.plan(),
                event.work(),
                event.sourceKey(),
                event.publishes(),
                event.approvalRequired(),
                event.approvalTimeout(),
                event.definition()));
    assertThat(command.trigger())
        .isEqualTo(
            new ExecutionTrigger.Webhook(
                new TriggerId("trg_2222222222"),
                new InboundDeliveryId("ind_2222222222"),
                false,
                "key",
                FLOW.value()));
    assertThat(actor()).isEqualTo(new Actor(Actor.ActorType.TRIGGER, "trg_2222222222"));
  }
}
