package io.agentledger.command.flow;

import static io.agentledger.command.flow.FlowFixtures.ADA;
import static io.agentledger.command.flow.FlowFixtures.CHIEF;
import static io.agentledger.command.flow.FlowFixtures.FLOW;
import static io.agentledger.command.flow.FlowFixtures.HER;
import static io.agentledger.command.flow.FlowFixtures.HOME;
import static io.agentledger.command.flow.FlowFixtures.UNTIL;
import static io.agentledger.command.flow.FlowFixtures.approvalRequested;
import static io.agentledger.command.flow.FlowFixtures.definition;
import static io.agentledger.command.flow.FlowFixtures.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.flow.FlowCommand.DecideFlow;
import io.agentledger.api.flow.FlowCommand.DecideFlowFromSource;
import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowEvent.FlowApproved;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.SourceDecision;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityMapped;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityRemoved;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Comments that become decisions of users. */
class SourceDecisionHandlerTest {
  private static final String ACCOUNT = "583231";
  private static final SourceIdentityId IDENTITY =
      SourceIdentityId.of(HOME, SourceProvider.GITHUB, ACCOUNT);
  private static final Instant REQUESTED = UNTIL.minus(FlowFixtures.TIMEOUT);
  private static final UserId BOB = new UserId("usr_4444444444");

  private final EventStore store =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
  private final List<Object> decisions = new ArrayList<>();
  private final Map<UserId, Role> roles =
      new HashMap<>(Map.of(ADA, Role.MEMBER, CHIEF, Role.ADMIN, BOB, Role.MEMBER));
  private SourceDecisionHandler handler;

  @BeforeEach
  void handler() {
    var bus = SimpleCommandBus.builder().build();
    bus.subscribe(
        DecideFlow.class.getName(),
        message -> {
          decisions.add(message.getPayload());
          return null;
        });
    handler =
        new SourceDecisionHandler(
            new FlowReader(store, FlowFixtures.sealer()),
            (tenant, user) -> Optional.ofNullable(roles.get(user)),
            new FlowCommandSender(DefaultCommandGateway.builder().commandBus(bus).build()));
    start(FLOW, new FlowOrigin.Manual());
    append(
        "SourceIdentity",
        IDENTITY.value(),
        0,
        new SourceIdentityMapped(
            IDENTITY, SourceProvider.GITHUB, FlowFixtures.sealed(ACCOUNT), ADA));
  }

  private void start(FlowId flow, FlowOrigin origin) {
    append("Flow", flow.value(), 0, started(definition(), origin));
    append("Flow", flow.value(), 1, approvalRequested());
  }

  private void append(String type, String id, long number, Object event) {
    store.publish(new GenericDomainEventMessage<>(type, id, number, event, HER));
  }

  private boolean decide(UserId triggerOwner, String account, Instant writtenAt) {
    return decide(FLOW, triggerOwner, account, writtenAt);
  }

  private boolean decide(FlowId flow, UserId triggerOwner, String account, Instant writtenAt) {
    var role = roles.getOrDefault(triggerOwner, Role.MEMBER);
    return handler.decide(
        new DecideFlowFromSource(
            flow,
            SourceProvider.GITHUB,
            account,
            Decision.APPROVE,
            "fine",
            writtenAt,
            "trg_2222222222",
            "ind_2222222222",
            new ExecutionPrincipal(triggerOwner, role.scopes(), false)),
        MetaData.from(HER));
  }

  @Test
  void commentOfAMappedAccountIsADecisionOfItsUser() {
    for (var owner : List.of(ADA, CHIEF)) {
      decisions.clear();
      assertThat(decide(owner, ACCOUNT, REQUESTED.plusSeconds(1))).isTrue();
      var via = new SourceDecision(IDENTITY, "trg_2222222222", "ind_2222222222");
      assertThat(decisions)
          .containsExactly(new DecideFlow(FLOW, Decision.APPROVE, "fine", via, null));
    }
  }

  @Test
  void ownerOfTheTriggerMustHaveTheRightToo() {
    assertThat(decide(BOB, ACCOUNT, REQUESTED)).as("Bob could have signed it").isFalse();
    roles.remove(CHIEF);
    assertThat(decide(CHIEF, ACCOUNT, REQUESTED)).as("an admin who has left").isFalse();
    assertThat(
            handler.decide(
                new DecideFlowFromSource(
                    FLOW,
                    SourceProvider.GITHUB,
                    ACCOUNT,
                    Decision.APPROVE,
                    null,
                    REQUESTED,
                    "trg_2222222222",
                    "ind_2222222222",
                    new ExecutionPrincipal(ADA, Set.of(), false)),
                MetaData.from(HER)))
        .as("a trigger that was saved with a limited credential")
        .isFalse();
    assertThat(decisions).isEmpty();
  }

  @Test
  void memberWhoKnowsTheSecretDecidesOnlyAsThemselves() {
    append("SourceIdentity", IDENTITY.value(), 1, new SourceIdentityRemoved(IDENTITY));
    append(
        "SourceIdentity",
        IDENTITY.value(),
        2,
        new SourceIdentityMapped(
            IDENTITY, SourceProvider.GITHUB, FlowFixtures.sealed(ACCOUNT), CHIEF));
    assertThat(decide(ADA, ACCOUNT, REQUESTED)).as("her flow, but in the name of").isFalse();
    assertThat(decide(CHIEF, ACCOUNT, REQUESTED)).isTrue();
  }

  @Test
  void triggerDecidesAboutFlowsThatItStartedButNotAboutThoseOfOthers() {
    var own = new FlowId("flw_5555555555");
    start(own, new FlowOrigin.Trigger("trg_2222222222", "ind_3333333333", true, ""));
    assertThat(decide(own, CHIEF, ACCOUNT, REQUESTED)).isTrue();
    var foreign = new FlowId("flw_6666666666");
    start(foreign, new FlowOrigin.Trigger("trg_7777777777", "ind_4444444444", true, ""));
    assertThat(decide(foreign, CHIEF, ACCOUNT, REQUESTED)).isFalse();
    assertThat(decisions).hasSize(1);
  }

  @Test
  void commentThatDecidedBeforeACrashIsADecision() {
    var via = new SourceDecision(IDENTITY, "trg_2222222222", "ind_2222222222");
    append(
        "Flow",
        FLOW.value(),
        2,
        new FlowApproved(FLOW, ADA, List.of(via), FlowFixtures.sealed("fine")));
    assertThat(decide(ADA, ACCOUNT, REQUESTED)).isTrue();
    assertThat(decisions).as("it is not sent again").isEmpty();
  }

  @Test
  void otherAccountsAndOldCommentsDecideNothing() {
    assertThat(decide(ADA, "583232", REQUESTED)).isFalse();
    assertThat(decide(ADA, ACCOUNT, REQUESTED.minus(Duration.ofSeconds(6)))).isFalse();
    append("SourceIdentity", IDENTITY.value(), 1, new SourceIdentityRemoved(IDENTITY));
    assertThat(decide(ADA, ACCOUNT, REQUESTED)).isFalse();
    assertThat(decisions).isEmpty();
  }
}
