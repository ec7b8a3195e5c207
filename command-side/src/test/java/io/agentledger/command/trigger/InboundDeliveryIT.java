package io.agentledger.command.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.ConcurrencyPolicy;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.DeliveryStatus;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.SignatureScheme;
import io.agentledger.api.trigger.TriggerCommand.CreateTrigger;
import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerSignature;
import io.agentledger.api.trigger.WebhookReceiver.WebhookAddress;
import io.agentledger.api.trigger.WebhookReceiver.WebhookReceipt;
import io.agentledger.api.trigger.WebhookReceiver.WebhookResponse;
import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.trigger.InboundDeliveryTable.NewDelivery;
import io.agentledger.command.trigger.TriggerLookupTable.StoredTrigger;
import io.agentledger.store.crypto.ConcurrencyKeys;
import io.agentledger.store.crypto.ContentStore;
import io.agentledger.store.crypto.DerivedKeys;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.crypto.SecretSealer;
import io.agentledger.store.event.JsonMappers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Deliveries and the leases of their triggers on a real PostgreSQL. The time is far in the future,
 * so that the dispatcher of the context processes nothing.
 */
class InboundDeliveryIT extends CommandTestSupport {
  private static final Instant NOW = Instant.parse("2200-01-01T00:00:00Z");
  private static final Instant STALE = NOW.minus(Duration.ofMinutes(10));
  private static final TaskId TASK = TaskId.next();

  @Autowired private TriggerLookupTable triggers;
  @Autowired private InboundDeliveryTable deliveries;
  @Autowired private TenantMembership members;
  @Autowired private SecretReader secrets;
  @Autowired private SecretSealer secretSealer;
  @Autowired private Sealer sealer;
  @Autowired private ContentStore contents;

  @Autowired
  @Qualifier("concurrencyKeys")
  private DerivedKeys concurrencyKeys;

  @BeforeEach
  void deleteOtherDeliveries() {
    sql.sql("delete from inbound_delivery").update();
  }

  private static TriggerDefinition definition() {
    return new TriggerDefinition(
        null, null, "@agent", List.of(), null, null, Map.of(), List.of(), null, null, null);
  }

  private StoredTrigger trigger() {
    return trigger(definition());
  }

  private StoredTrigger trigger(TriggerDefinition definition) {
    var id = TriggerId.next();
    var properties =
        new TriggerProperties(
            "a trigger",
            "alerts",
            false,
            new TriggerSignature(SignatureScheme.NONE, "", List.of()),
            TASK,
            ConcurrencyPolicy.QUEUE,
            ExecutionPrincipal.of(ADA));
    send(new CreateTrigger(id, ADA.user(), properties, definition, null));
    return triggers.find(id).orElseThrow();
  }

  private InboundDeliveryId deliver(StoredTrigger trigger, @Nullable String signature) {
    return deliver(trigger, signature, "{}");
  }

  private InboundDeliveryId deliver(
      StoredTrigger trigger, @Nullable String signature, String payload) {
    var id = InboundDeliveryId.next();
    var sealed = SealedPayload.seal(sealer, trigger.id(), id, payload);
    var duplicate =
        deliveries.insert(
            new NewDelivery(
                id,
                trigger.tenant(),
                trigger.id(),
                id.value(),
                signature,
                "an event",
                false,
                "req_test",
                new RequestSource("192.0.2.1", "test"),
                sealed,
                payload.length(),
                NOW));
    assertThat(duplicate).isEmpty();
    return id;
  }

  private void expire(Duration after) {
    new ExpiredDeliveriesJob(deliveries, contents, Clock.fixed(NOW.plus(after), ZoneOffset.UTC))
        .run();
  }

  private boolean isLeasedTo(String node, StoredTrigger trigger, Instant now, Instant stale) {
    return triggers.lease(node, now, stale, Set.of()).filter(trigger::equals).isPresent();
  }

  @Test
  void triggerIsLeasedToOneNodeUntilItsLeaseEndsOrIsLeftBehind() {
    var trigger = trigger();
    deliver(trigger, null);
    assertThat(isLeasedTo("a", trigger, NOW.minusSeconds(1), STALE)).as("not due").isFalse();
    assertThat(isLeasedTo("a", trigger, NOW, STALE)).isTrue();
    assertThat(isLeasedTo("b", trigger, NOW, STALE)).isFalse();
    assertThat(triggers.lease("a", NOW, STALE, Set.of(trigger.id()))).as("in work").isEmpty();
    assertThat(isLeasedTo("a", trigger, NOW, STALE)).as("of its previous process").isTrue();
    assertThat(triggers.renew(trigger.id(), "b", NOW)).isFalse();

    triggers.release(trigger.id(), "b");
    assertThat(isLeasedTo("b", trigger, NOW, STALE)).as("the lease of another").isFalse();
    triggers.release(trigger.id(), "a");
    assertThat(isLeasedTo("b", trigger, NOW, STALE)).isTrue();
    assertThat(triggers.renew(trigger.id(), "a", NOW)).isFalse();
    assertThat(triggers.renew(trigger.id(), "b", NOW)).isTrue();
    assertThat(isLeasedTo("a", trigger, NOW, NOW.plusSeconds(1))).as("left behind").isTrue();
    assertThat(triggers.renew(trigger.id(), "b", NOW)).as("taken over").isFalse();
  }

  @Test
  void triggersTakeTurnsAndTheirDeliveriesKeepTheirOrder() {
    var first = trigger();
    var second = trigger();
    var one = deliver(first, null);
    deliver(second, null);
    deliver(first, null);
    var turns = new ArrayList<TriggerId>();
    for (int i = 0; i < 4; i++) {
      var leased = triggers.lease("a", NOW.plusSeconds(i), STALE, Set.of()).orElseThrow();
      turns.add(leased.id());
      triggers.release(leased.id(), "a");
    }
    assertThat(turns.subList(0, 2)).containsExactlyInAnyOrder(first.id(), second.id());
    assertThat(turns.subList(2, 4)).isEqualTo(turns.subList(0, 2));
    assertThat(deliveries.findNext(first.id()).orElseThrow().id()).isEqualTo(one);
  }

  @Test
  void delayedDeliveryHoldsUpOnlyItsOwnTrigger() {
    var delayed = trigger();
    var other = trigger();
    deliveries.postpone(deliver(delayed, null), NOW.plusSeconds(60));
    deliver(delayed, null);
    deliver(other, null);
    assertThat(triggers.lease("a", NOW, STALE, Set.of())).contains(other);
    assertThat(triggers.lease("b", NOW, STALE, Set.of())).isEmpty();
    assertThat(isLeasedTo("b", delayed, NOW.plusSeconds(60), STALE)).isTrue();
  }

  private void finish(InboundDeliveryId id, DeliveryStatus status, DeliveryOutcome outcome) {
    sql.sql("update inbound_delivery set status = ?, outcome = ? where delivery_id = ?")
        .params(
            status.name(),
            JsonMappers.mapper().writerFor(DeliveryOutcome.class).writeValueAsString(outcome),
            id.value())
        .update();
  }

  @Test
  void failedRepliesToHelpCountForTheirLimit() {
    var trigger = trigger();
    finish(deliver(trigger, null), DeliveryStatus.ANSWERED, new DeliveryOutcome.Answered("1"));
    for (var code : List.of(HelpReplies.UNAVAILABLE, HelpReplies.REFUSED, "evaluation_failed"))
      finish(
          deliver(trigger, null), DeliveryStatus.FAILED, new DeliveryOutcome.Failed(code, "Why."));
    deliver(trigger, null);
    assertThat(deliveries.countReplies(trigger.id(), NOW.minusSeconds(1), 20)).isEqualTo(3);
    assertThat(deliveries.countReplies(trigger.id(), NOW.minusSeconds(1), 2)).isEqualTo(2);
    assertThat(deliveries.countReplies(trigger.id(), NOW, 20)).isZero();
  }

  @Test
  void signedWebhookIsRefusedAfterItsDeliveryWasDeleted() {
    var trigger = trigger();
    var other = trigger();
    var delivery = deliver(trigger, "sha256=1");
    var unsigned = deliver(trigger, null);
    assertThat(deliveries.findEarlier(trigger.id(), "new", "sha256=1")).contains(delivery);
    expire(ExpiredDeliveriesJob.RETENTION.plusSeconds(1));
    assertThat(deliveries.exists(delivery)).isFalse();
    assertThat(deliveries.findEarlier(trigger.id(), "new", "sha256=1")).contains(delivery);
    assertThat(deliveries.findEarlier(trigger.id(), "new", "sha256=2")).isEmpty();
    assertThat(deliveries.findEarlier(other.id(), "new", "sha256=1")).isEmpty();
    assertThat(deliveries.findEarlier(trigger.id(), unsigned.value(), null)).isEmpty();
    expire(ExpiredDeliveriesJob.SIGNATURE_RETENTION.plusSeconds(1));
    assertThat(deliveries.findEarlier(trigger.id(), "new", "sha256=1")).isEmpty();
  }

  private String fileOf(InboundDeliveryId delivery) {
    var sealed =
        sql.sql("select payload from inbound_delivery where delivery_id = ?")
            .param(delivery.value())
            .query(byte[].class)
            .single();
    return ((Content.Stored) SealedPayload.read(sealed).content()).sha256();
  }

  @Test
  void rowOfADeletedFileIsDeletedByTheNextJob() {
    var trigger = trigger();
    var large = "{\"text\": \"" + "a".repeat(2 * Content.INLINE_BYTES_MAX) + "\"}";
    var delivery = deliver(trigger, null, large);
    var file = fileOf(delivery);
    assertThat(contents.get(file)).isNotEmpty();
    expire(ExpiredDeliveriesJob.RETENTION.minusSeconds(1));
    assertThat(contents.get(file)).isNotEmpty();
    contents.delete(file); // As far as a job comes that is interrupted.
    expire(ExpiredDeliveriesJob.RETENTION.plusSeconds(1));
    assertThat(deliveries.exists(delivery)).isFalse();

    var next = deliver(trigger, null, large);
    var nextFile = fileOf(next);
    expire(ExpiredDeliveriesJob.RETENTION.plusSeconds(1));
    assertThat(deliveries.exists(next)).isFalse();
    assertThatThrownBy(() -> contents.get(nextFile)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void webhookThatArrivesTwiceAtOnceIsStoredOnce() throws Exception {
    var trigger = trigger();
    var receiver =
        new InboundWebhookReceiver(
            triggers,
            deliveries,
            secrets,
            sealer,
            contents,
            TenantId::next,
            Clock.fixed(NOW, ZoneOffset.UTC));
    var body = "{\"text\": \"" + "a".repeat(2 * Content.INLINE_BYTES_MAX) + "\"}";
    var webhook = new WebhookRequest(Map.of("x-delivery-id", "one"), body.getBytes(UTF_8));
    var address = new WebhookAddress("alerts", trigger.id());
    var source = new RequestSource("192.0.2.1", "test");
    var receipts = new ArrayList<WebhookReceipt>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Optional<WebhookResponse>> request =
          () -> receiver.receive(address, webhook, source);
      for (var response : threads.invokeAll(Collections.nCopies(8, request)))
        receipts.add((WebhookReceipt) response.get().orElseThrow());
    }
    assertThat(receipts)
        .extracting(WebhookReceipt::deliveryId)
        .containsOnly(receipts.getFirst().deliveryId());
    assertThat(receipts).filteredOn(receipt -> !receipt.duplicate()).hasSize(1);
    assertThat(contents.get(fileOf(receipts.getFirst().deliveryId()))).isNotEmpty();
  }

  @Test
  void webhooksOfASuspendedTenantAreRefusedAndWaitingOnesFail() {
    joinTenant(ADA);
    var trigger = trigger();
    var receiver =
        new InboundWebhookReceiver(
            triggers,
            deliveries,
            secrets,
            sealer,
            contents,
            TenantId::next,
            Clock.fixed(NOW, ZoneOffset.UTC));
    var address = new WebhookAddress("alerts", trigger.id());
    var webhook = new WebhookRequest(Map.of(), "{}".getBytes(UTF_8));
    var source = new RequestSource("192.0.2.1", "test");
    var delivery = deliver(trigger, null);
    setSuspended(ADA.tenant(), true);
    try {
      assertThat(receiver.findBodyLimit(address, webhook)).isZero();
      assertThat(receiver.receive(address, webhook, source)).isEmpty();
      assertThat(process(trigger, delivery)).startsWith("FAILED ").contains("tenant_suspended");
    } finally {
      setSuspended(ADA.tenant(), false);
    }
    assertThat(receiver.receive(address, webhook, source)).isPresent();
  }

  @Test
  void taskOfAnotherUserThatHasChangedFailsTheDelivery() {
    joinTenant(ADA);
    var trigger = trigger(definition().withTaskVersions(Map.of(TASK.value(), 1L)));
    assertThat(process(trigger, deliver(trigger, null)))
        .startsWith("FAILED ")
        .contains("task_changed");
  }

  /** Processes the first delivery of a trigger; returns its status and outcome. */
  private String process(StoredTrigger trigger, InboundDeliveryId delivery) {
    var queryBus = SimpleQueryBus.builder().build();
    queryBus.<TaskView>subscribe(
        FindTask.class.getName(),
        ResponseTypes.instanceOf(TaskView.class).getExpectedResponseType(),
        message -> task(UserId.next(), 2));
    new DeliveryProcessor(
            new TriggerReader(store, sealer),
            deliveries,
            members,
            new ConcurrencyKeys(concurrencyKeys, secretSealer),
            sealer,
            commands,
            DefaultQueryGateway.builder().queryBus(queryBus).build(),
            () -> null,
            new HelpReplies(new NoProvider(), deliveries, members, Clock.systemUTC()))
        .process(trigger, deliveries.findNext(trigger.id()).orElseThrow());
    return Objects.requireNonNull(
        sql.sql("select status || ' ' || outcome from inbound_delivery where delivery_id = ?")
            .param(delivery.value())
            .query(String.class)
            .single());
  }

  private static TaskView task(UserId owner, long version) {
    return new TaskView(
        TASK,
        owner,
        TaskSharing.values()[0],
        null,
        "a name",
        null,
        "",
        List.of(),
        List.of(),
        new Json("{}"),
        "a prompt",
        0,
        null,
        new TaskView.RetryView(1, Duration.ZERO),
        null,
        false,
        null,
        null,
        version,
        Instant.EPOCH,
        Instant.EPOCH,
        null);
  }
}
