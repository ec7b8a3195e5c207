package io.agentledger.command.trigger;

import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.TriggerRejection.DeliveryPending;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.DeliveryOutcome.Decided;
import io.agentledger.api.trigger.DeliveryOutcome.Failed;
import io.agentledger.api.trigger.DeliveryOutcome.IgnoreReason;
import io.agentledger.api.trigger.DeliveryOutcome.Ignored;
import io.agentledger.api.trigger.DeliveryOutcome.Queued;
import io.agentledger.api.trigger.DeliveryOutcome.StartedFlow;
import io.agentledger.api.trigger.InboundDeliveryCommand.MergeDelivery;
import io.agentledger.api.trigger.InboundDeliveryCommand.RecordDelivery;
import io.agentledger.api.trigger.InboundDeliveryCommand.RedeliverDelivery;
import io.agentledger.api.trigger.InboundDeliveryEvent;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryMerged;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryProcessed;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryRedelivered;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.command.support.ConfigurationFixture;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class InboundDeliveryTest {
  private static final TenantId HOME = new TenantId("tnt_2222222222");
  private static final UserId ADA = new UserId("usr_2222222222");
  private static final TriggerId TRIGGER = new TriggerId("trg_2222222222");
  private static final InboundDeliveryId ID = new InboundDeliveryId("ind_2222222222");
  private static final InboundDeliveryId LATER = new InboundDeliveryId("ind_3333333333");
  private static final FlowId FLOW = FlowId.ofDelivery(ID.value(), 1);
  private static final DeliveryOutcome QUEUED = new Queued(ExecutionId.ofDelivery(ID, 1), "fix");
  private static final DeliveryOutcome STARTED = new StartedFlow(FLOW, "");
  private static final DeliveryOutcome DECIDED = new Decided(FLOW, Decision.APPROVE);
  private static final DeliveryOutcome IGNORED = new Ignored(IgnoreReason.NOT_PERMITTED);
  private static final DeliveryOutcome FAILED = new Failed("task_changed", "It changed.");
  private static final Map<String, Object> SERVICE =
      Provenance.ofSystem(HOME, "req_2222222222").asMetadata();
  private static final Map<String, Object> HER = metadata(ADA, Role.MEMBER);
  private static final RedeliverDelivery REDELIVER = new RedeliverDelivery(ID, null);

  private FixtureConfiguration<InboundDelivery> fixture;
  private boolean isStored = true;

  private static Map<String, Object> metadata(UserId user, Role role) {
    return Caller.ofUser(HOME, user, CredentialId.next(), role).asMetadata("req_2222222222");
  }

  @BeforeEach
  void fixture() {
    var deliveries =
        new InboundDeliveryTable(JdbcClient.create(new DriverManagerDataSource()), () -> {}) {
          @Override
          boolean exists(InboundDeliveryId id) {
            return isStored;
          }
        };
    fixture = ConfigurationFixture.of(InboundDelivery.class).registerInjectableResource(deliveries);
  }

  private TestExecutor<InboundDelivery> given(InboundDeliveryEvent... events) {
    fixture();
    return fixture.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(SERVICE))
            .toList());
  }

  private static InboundDeliveryProcessed processed(int attempt, DeliveryOutcome outcome) {
    return new InboundDeliveryProcessed(ID, TRIGGER, ADA, attempt, outcome);
  }

  private static RecordDelivery record(int attempt, DeliveryOutcome outcome) {
    return new RecordDelivery(ID, TRIGGER, ADA, attempt, outcome);
  }

  @Test
  void eachAttemptHasOneResult() {
    fixture
        .givenNoPriorActivity()
        .when(record(1, STARTED), SERVICE)
        .expectEvents(processed(1, STARTED));
    given(processed(1, STARTED)).when(record(1, FAILED), SERVICE).expectNoEvents();
    var redelivered = new InboundDeliveryRedelivered(ID, TRIGGER, 2);
    given(processed(1, FAILED), redelivered).when(record(1, QUEUED), SERVICE).expectNoEvents();
    given(processed(1, FAILED), redelivered)
        .when(record(2, QUEUED), SERVICE)
        .expectEvents(processed(2, QUEUED));
  }

  @Test
  void onlyWhatStartedSomethingIsMerged() {
    var merge = new MergeDelivery(ID, LATER);
    for (var outcome : List.of(QUEUED, STARTED))
      given(processed(1, outcome))
          .when(merge, SERVICE)
          .expectEvents(new InboundDeliveryMerged(ID, 1, LATER));
    for (var outcome : List.of(DECIDED, IGNORED, FAILED))
      given(processed(1, outcome)).when(merge, SERVICE).expectNoEvents();
    given(processed(1, STARTED), new InboundDeliveryMerged(ID, 1, LATER))
        .when(merge, SERVICE)
        .expectNoEvents();
  }

  @Test
  void ownerAndAdminProcessItAgainWhileItsPayloadExists() {
    var expected = new InboundDeliveryRedelivered(ID, TRIGGER, 2);
    given(processed(1, IGNORED)).when(REDELIVER, HER).expectEvents(expected);
    given(processed(1, IGNORED))
        .when(REDELIVER, metadata(UserId.next(), Role.ADMIN))
        .expectEvents(expected);
    given(processed(1, IGNORED))
        .when(REDELIVER, metadata(UserId.next(), Role.MEMBER))
        .expectExceptionDetails(NotFound.of(ID));
    given(processed(1, IGNORED), expected)
        .when(REDELIVER, HER)
        .expectExceptionDetails(new DeliveryPending(ID.value()));
    isStored = false;
    given(processed(1, IGNORED)).when(REDELIVER, HER).expectExceptionDetails(NotFound.of(ID));
  }
}
