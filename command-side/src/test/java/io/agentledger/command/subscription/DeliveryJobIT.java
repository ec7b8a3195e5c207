package io.agentledger.command.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DisableReason;
import io.agentledger.api.subscription.SigningSecret;
import io.agentledger.api.subscription.SubscriptionCommand.CreateSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.RotateSigningSecret;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDisabled;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.subscription.SubscriptionFilter.Ownership;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.subscription.Delivery.Channel;
import io.agentledger.command.subscription.DeliveryJob.DeliveryRequests;
import io.agentledger.command.subscription.DeliveryTable.CollectedEvent;
import io.agentledger.command.subscription.EventOrigin.Shares;
import io.agentledger.command.subscription.WebhookReceiver.ReceivedRequest;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.TenantSuspendedException;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.webhook.WebhookSecretResolver;
import io.agentledger.command.support.webhook.WebhookSignature;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Sending of deliveries on a real PostgreSQL, to a real HTTP receiver, by a clock of the test. */
class DeliveryJobIT extends CommandTestSupport {
  private static final WebhookReceiver receiver = new WebhookReceiver();

  @Autowired private SubscriptionTable subscriptions;
  @Autowired private DeliveryTable deliveries;
  @Autowired private TenantMembership members;
  @Autowired private OutboundHttpClient outbound;
  @Autowired private SecretReader secretReader;
  @Autowired private Sealer sealer;
  @Autowired private PlatformTransactionManager transactions;

  private Instant now = Instant.parse("2026-11-24T10:00:00Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final Set<SessionId> hidden = new HashSet<>();
  private final Set<SessionId> unreadable = new HashSet<>();
  private final Caller owner =
      Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
  private final SigningSecret secret = SigningSecret.generate();
  private final SubscriptionId id = SubscriptionId.next();
  private DeliveryJob job;

  @DynamicPropertySource
  static void permitReceiver(DynamicPropertyRegistry properties) {
    properties.add("agentledger.outbound.ports", () -> "80," + receiver.port());
    properties.add("agentledger.outbound.allowed-networks", () -> "127.0.0.1/32");
  }

  @AfterAll
  static void closeReceiver() {
    receiver.close();
  }

  @BeforeEach
  void createJob() {
    receiver.reset();
    setMember(false);
    var queryBus = SimpleQueryBus.builder().build();
    queryBus.<List<StreamItem>>subscribe(
        ListSessionEvents.class.getName(),
        ResponseTypes.multipleInstancesOf(StreamItem.class).getExpectedResponseType(),
        message -> List.of(item((ListSessionEvents) message.getPayload())));
    var cloudEvents =
        new CloudEventFactory(
            DefaultQueryGateway.builder().queryBus(queryBus).build(),
            () -> event -> event.id().getBytes(StandardCharsets.UTF_8));
    var sender =
        new DeliverySender(
            outbound,
            new WebhookSecretResolver(secretReader),
            sealer,
            new SubscriptionReader(store),
            cloudEvents,
            members,
            clock);
    job =
        new DeliveryJob(
            subscriptions,
            deliveries,
            new DeliveryRequests(members, cloudEvents, sender),
            commands,
            new TransactionTemplate(transactions),
            new RetrySchedule(() -> 0),
            clock);
    send(
        new CreateSubscription(
            id, ExecutionPrincipal.of(owner), "ci", definition(receiver.url()), secret, null),
        owner);
    await().atMost(Duration.ofSeconds(60)).until(() -> subscriptions.find(id).isPresent());
  }

  private StreamItem item(ListSessionEvents query) {
    if (unreadable.contains(query.sessionId())) throw new IllegalStateException("unreadable");
    if (hidden.contains(query.sessionId()))
      throw new RejectionException(NotFound.of(query.sessionId()));
    return StreamItem.transientEvent(
        query.sessionId(), null, null, clock.instant(), new StreamItem.Todo(new Json("{}")));
  }

  private void setMember(boolean disabled) {
    sql.sql(
            """
            insert into identity_user (user_id, tenant, role, disabled)
            values (?, ?, 'MEMBER', ?)
            on conflict (user_id) do update set disabled = excluded.disabled""")
        .params(owner.user().value(), owner.tenant().value(), disabled)
        .update();
  }

  private static SubscriptionDefinition definition(String url) {
    var filter = new SubscriptionFilter(Ownership.MINE, List.of(), List.of(), List.of());
    return new SubscriptionDefinition(
        List.of("run.*"), filter, url, Map.of(), List.of(), Duration.ofSeconds(5));
  }

  private void collect(SessionId session, String... events) {
    var origin =
        new EventOrigin(
            session.value(),
            owner.user(),
            Optional.of(session),
            Optional.empty(),
            Optional.empty(),
            Shares.NONE);
    for (var event : events)
      deliveries.insert(
          subscriptions.find(id).orElseThrow(),
          new CollectedEvent(DeliveredEventType.RUN_COMPLETED, event, origin, 1, clock.instant()),
          clock.instant());
  }

  private void send() {
    for (int number = 0; number < Channel.COUNT; number++)
      job.doTurn(new Channel(id, number).queue());
  }

  private String statusOf(String event) {
    return sql.sql(
            "select status from subscription_delivery where subscription_id = ? and event_id = ?")
        .params(id.value(), event)
        .query(String.class)
        .optional()
        .orElse("none");
  }

  private List<Object> disabledEvents() {
    return store
        .readEvents(id.value())
        .asStream()
        .<Object>map(DomainEventMessage::getPayload)
        .filter(SubscriptionDisabled.class::isInstance)
        .toList();
  }

  @Test
  void orderOfASessionIsKeptWhenItsFirstDeliveryFailsAndNobodyElseWaits() {
    var failing = SessionId.next();
    receiver.respond("a1", 500);
    collect(failing, "a1", "a2");
    collect(SessionId.next(), "b1");
    send();
    assertThat(receiver.bodies()).containsExactlyInAnyOrder("a1", "b1");
    assertThat(List.of(statusOf("a1"), statusOf("a2"), statusOf("b1")))
        .containsExactly("PENDING", "PENDING", "DELIVERED");
    now = now.plus(Duration.ofSeconds(4));
    send();
    assertThat(receiver.bodies()).hasSize(2);
    receiver.respond("a1", 204);
    now = now.plus(Duration.ofSeconds(2));
    send();
    assertThat(receiver.bodies().subList(2, 4)).containsExactly("a1", "a2");
    var attempts =
        receiver.requests().stream()
            .filter(request -> request.body().equals("a1"))
            .map(request -> request.header("webhook-id"))
            .toList();
    assertThat(attempts).hasSize(2).containsOnly(DeliveryId.of(id, "a1").value());
  }

  @Test
  void requestIsSignedWithTheSecret() {
    collect(SessionId.next(), "e1");
    send();
    var request = receiver.requests().getFirst();
    assertThat(request.header("content-type")).startsWith("application/cloudevents+json");
    assertThat(request.header("webhook-signature")).isEqualTo(signature(request, secret));
  }

  private static String signature(ReceivedRequest request, SigningSecret secret) {
    return WebhookSignature.sign(
        secret.value(),
        request.header("webhook-id"),
        Instant.ofEpochSecond(Long.parseLong(request.header("webhook-timestamp"))),
        request.body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void rotationSignsWithBothSecretsForATime() {
    var next = SigningSecret.generate();
    var until = clock.instant().plus(Duration.ofHours(1));
    send(new RotateSigningSecret(id, next, until, null), owner);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> subscriptions.find(id).orElseThrow().secrets().size() == 2);
    collect(SessionId.next(), "e1");
    send();
    var both = receiver.requests().getFirst();
    assertThat(both.header("webhook-signature").split(" "))
        .containsExactly(signature(both, next), signature(both, secret));
    now = now.plus(Duration.ofHours(1));
    collect(SessionId.next(), "e2");
    send();
    var only = receiver.requests().getLast();
    assertThat(only.header("webhook-signature")).isEqualTo(signature(only, next));
  }

  @Test
  void deliveryIsDeadAfterThreeDaysAndTheNextOfItsSessionFollows() {
    receiver.respond("a1", 503);
    collect(SessionId.next(), "a1", "a2");
    for (int hours = 0; hours < 80; hours++) {
      send();
      now = now.plus(Duration.ofHours(1));
    }
    assertThat(statusOf("a1")).isEqualTo("DEAD");
    assertThat(statusOf("a2")).isEqualTo("DELIVERED");
    assertThat(receiver.bodies().stream().filter("a1"::equals)).hasSizeBetween(8, 12);
    assertThat(disabledEvents()).isEmpty();

    receiver.respond("a1", 200);
    deliveries.redeliver(id, DeliveryId.of(id, "a1"), clock.instant());
    send();
    assertThat(statusOf("a1")).isEqualTo("DELIVERED");
  }

  @Test
  void goneDisables() {
    receiver.respond("a1", 410);
    collect(SessionId.next(), "a1", "a2");
    send();
    assertThat(statusOf("a1")).isEqualTo("DEAD");
    assertThat(disabledEvents()).containsExactly(new SubscriptionDisabled(id, DisableReason.GONE));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !subscriptions.find(id).orElseThrow().active());
    send();
    assertThat(receiver.bodies()).containsExactly("a1");
  }

  @Test
  void fiveDaysOfFailureDisableButNotAFailureAfterASuccess() {
    receiver.respondToAll(500);
    for (int days = 0; days < 4; days++) failForADay();
    assertThat(disabledEvents()).isEmpty();
    receiver.respondToAll(200);
    collect(SessionId.next(), "success");
    send();
    receiver.respondToAll(500);
    for (int days = 0; days < 4; days++) failForADay();
    assertThat(disabledEvents()).isEmpty();
    for (int days = 0; days < 2; days++) failForADay();
    assertThat(disabledEvents())
        .containsExactly(new SubscriptionDisabled(id, DisableReason.FAILING));
  }

  private void failForADay() {
    collect(SessionId.next(), "at " + clock.instant());
    for (int hours = 0; hours < 24; hours += 6) {
      send();
      now = now.plus(Duration.ofHours(6));
    }
  }

  @Test
  void targetWithoutAResponseIsAskedLessAndLessOften() {
    receiver.hang();
    for (int i = 0; i < 20; i++) collect(SessionId.next(), "e" + i);
    var start = System.nanoTime();
    send();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(receiver.connections()).isLessThanOrEqualTo(Channel.COUNT);
    for (int number = 0; number < Channel.COUNT; number++)
      assertThat(deliveries.findBreakEnd(new Channel(id, number)))
          .hasValueSatisfying(end -> assertThat(end).isAfter(clock.instant()));
  }

  @Test
  void eventThatTheOwnerMayNotSeeIsDroppedAndNotSent() {
    var session = SessionId.next();
    hidden.add(session);
    collect(session, "a1", "a2");
    send();
    assertThat(receiver.bodies()).isEmpty();
    assertThat(statusOf("a1")).isEqualTo("none");
    assertThat(statusOf("a2")).isEqualTo("none");
  }

  @Test
  void inactiveOwnerDisables() {
    setMember(true);
    collect(SessionId.next(), "a1");
    send();
    assertThat(receiver.bodies()).isEmpty();
    assertThat(disabledEvents())
        .containsExactly(new SubscriptionDisabled(id, DisableReason.OWNER_INACTIVE));
  }

  @Test
  void deliveriesOfASuspendedTenantWaitForItsResumption() {
    collect(SessionId.next(), "a1");
    setSuspended(owner.tenant(), true);
    var next = job.doTurn(Channel.of(id, deliveredResource()).queue());
    assertThat(next).isEqualTo(clock.instant().plus(TenantSuspendedException.CHECK_INTERVAL));
    assertThat(receiver.bodies()).isEmpty();
    assertThat(disabledEvents()).isEmpty();
    setSuspended(owner.tenant(), false);
    send();
    assertThat(receiver.bodies()).hasSize(1);
  }

  @Test
  void ownerWhoMayNotSubscribeAnyMoreDisables() {
    sql.sql("update identity_user set role = 'VIEWER' where user_id = ?")
        .param(owner.user().value())
        .update();
    collect(SessionId.next(), "a1");
    var next = job.doTurn(Channel.of(id, deliveredResource()).queue());
    assertThat(receiver.bodies()).isEmpty();
    assertThat(disabledEvents())
        .containsExactly(new SubscriptionDisabled(id, DisableReason.OWNER_INACTIVE));
    assertThat(next).isAfterOrEqualTo(clock.instant().plus(Duration.ofSeconds(10)));
  }

  private String deliveredResource() {
    return sql.sql("select resource_id from subscription_delivery where subscription_id = ?")
        .param(id.value())
        .query(String.class)
        .single();
  }

  @Test
  void eventThatCannotBeReadIsAFailedAttempt() {
    var session = SessionId.next();
    unreadable.add(session);
    collect(session, "a1");
    send();
    assertThat(receiver.bodies()).isEmpty();
    assertThat(deliveries.find(id, DeliveryId.of(id, "a1")).orElseThrow().attempts()).isOne();
  }

  @Test
  void redirectToAnotherAddressIsNotFollowed() {
    receiver.redirect("http://169.254.169.254/latest/meta-data");
    collect(SessionId.next(), "a1");
    send();
    assertThat(receiver.bodies()).containsExactly("a1");
    assertThat(
            sql.sql("select failure from subscription_delivery where subscription_id = ?")
                .param(id.value())
                .query(String.class)
                .single())
        .contains("its address must not lead to an address in a forbidden network");
  }

  @Test
  void privateAddressIsRefusedWithTheSettingThatPermitsIt() {
    var command =
        new CreateSubscription(
            SubscriptionId.next(),
            ExecutionPrincipal.of(owner),
            "inside",
            definition("http://10.0.0.1/"),
            secret,
            null);
    assertThatThrownBy(() -> send(command, owner))
        .hasStackTraceContaining("agentledger.outbound.allowed-networks");
  }

  @Test
  void secretIsNotSentForAnOwnerWhoMayNotUseVaultsAnyMore() {
    var definition = definition(receiver.url());
    var secret = new SecretRef(VaultId.next(), "token");
    var withSecret =
        new SubscriptionDefinition(
            definition.eventTypes(),
            definition.filter(),
            definition.url(),
            definition.headers(),
            List.of(secret),
            definition.timeout());
    // As it was stored while the owner was an admin.
    sql.sql("update subscription_state set definition = ? where subscription_id = ?")
        .params(JsonMappers.mapper().writeValueAsString(withSecret), id.value())
        .update();
    collect(SessionId.next(), "a1");
    send();
    assertThat(receiver.bodies()).isEmpty();
    assertThat(
            sql.sql("select failure from subscription_delivery where subscription_id = ?")
                .param(id.value())
                .query(String.class)
                .single())
        .contains("may not use secrets");
  }

  @Test
  void logIsKeptForItsRetention() {
    collect(SessionId.next(), "sent");
    send();
    var created = clock.instant();
    deliveries.removeExpired(created, 1000);
    assertThat(statusOf("sent")).isEqualTo("DELIVERED");
    deliveries.removeExpired(created.plus(1, ChronoUnit.SECONDS), 1000);
    assertThat(statusOf("sent")).isEqualTo("none");
    assertThat(
            sql.sql("select count(*) from subscription_attempt where subscription_id = ?")
                .param(id.value())
                .query(Integer.class)
                .single())
        .isZero();
  }
}
