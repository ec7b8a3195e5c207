package io.agentledger.command.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SubscriptionRejection.SubscriptionNotActive;
import io.agentledger.api.shared.SubscriptionRejection.SubscriptionRefused;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DisableReason;
import io.agentledger.api.subscription.SigningSecret;
import io.agentledger.api.subscription.SubscriptionCommand;
import io.agentledger.api.subscription.SubscriptionCommand.ChangeSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.CreateSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.DeleteSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.DisableSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.PauseSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.RedeliverEvent;
import io.agentledger.api.subscription.SubscriptionCommand.ResumeSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.RotateSigningSecret;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionEvent;
import io.agentledger.api.subscription.SubscriptionEvent.RedeliveryRequested;
import io.agentledger.api.subscription.SubscriptionEvent.SigningSecretRotated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionChanged;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionCreated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDeleted;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDisabled;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionPaused;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionResumed;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.subscription.SubscriptionFilter.Ownership;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionRegistry;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.store.crypto.PlainSealer;
import io.agentledger.store.crypto.Sealer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
  private static final TenantId HOME = new TenantId("tnt_2222222222");
  private static final Caller ADA = caller(HOME, Role.MEMBER);
  private static final SubscriptionId ID = new SubscriptionId("sub_2222222222");
  private static final Instant UNTIL = Instant.parse("2026-12-01T00:00:00Z");
  private static final SigningSecret SECRET = SigningSecret.generate();
  private static final Sealer SEALER = new PlainSealer();
  private static final SubscriptionDefinition FIRST = definition("https://a.example.com/");
  private static final SubscriptionDefinition SECOND = definition("https://b.example.com/");
  private static final ExecutionPrincipal OWNER = ExecutionPrincipal.of(ADA);
  private static final SubscriptionCreated CREATED =
      new SubscriptionCreated(
          ID,
          OWNER,
          "ci",
          FIRST,
          SEALER.seal(ID, SubscriptionCreated.class, "signingSecret", SECRET.value()));
  private static final SubscriptionPaused PAUSED = new SubscriptionPaused(ID);

  private final FixtureConfiguration<Subscription> subscription =
      ConfigurationFixture.of(Subscription.class);
  private int count;

  private static Caller caller(TenantId tenant, Role role) {
    return Caller.ofUser(tenant, UserId.next(), CredentialId.next(), role);
  }

  private static SubscriptionDefinition definition(String url) {
    var filter = new SubscriptionFilter(Ownership.MINE, List.of(), List.of(), List.of());
    return new SubscriptionDefinition(
        List.of("run.*"), filter, url, Map.of(), List.of(), Duration.ofSeconds(10));
  }

  @BeforeEach
  void resources() {
    subscription.registerInjectableResource(SEALER);
    subscription.registerInjectableResource(
        new SubscriptionRegistry() {
          @Override
          public int countLocked(TenantId tenant) {
            return count;
          }

          @Override
          public void check(TenantId tenant, SubscriptionDefinition definition) {
            if (definition.url().isEmpty())
              throw new RejectionException(new SubscriptionRefused("url", "is none"));
          }
        });
  }

  private static Map<String, Object> of(Caller caller) {
    return caller.asMetadata("req_2222222222");
  }

  private TestExecutor<Subscription> given(SubscriptionEvent... events) {
    return subscription.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(of(ADA)))
            .toList());
  }

  private static CreateSubscription create(SubscriptionDefinition definition) {
    return new CreateSubscription(ID, OWNER, "ci", definition, SECRET, null);
  }

  private static ChangeSubscription change(Caller editor, long version) {
    return new ChangeSubscription(ID, ExecutionPrincipal.of(editor), "ci", SECOND, version);
  }

  @Test
  void secretIsSealedAndReturnedOnce() {
    subscription.givenNoPriorActivity().when(create(FIRST), of(ADA)).expectEvents(CREATED);
    assertThat(SECRET.toString()).doesNotContain(SECRET.value());
    given(CREATED).when(create(FIRST), of(ADA)).expectNoEvents();
  }

  @Test
  void secretsOfVaultsAreForThoseWhoMayChangeThem() {
    var definition =
        new SubscriptionDefinition(
            FIRST.eventTypes(),
            FIRST.filter(),
            FIRST.url(),
            Map.of(),
            List.of(new SecretRef(new VaultId("vlt_2222222222"), "token")),
            FIRST.timeout());
    var refused = new SubscriptionRefused("secrets", "need the scope vaults:write");
    subscription
        .givenNoPriorActivity()
        .when(create(definition), of(ADA))
        .expectException(RejectionException.class)
        .expectExceptionDetails(refused);
    given(CREATED)
        .when(new ChangeSubscription(ID, OWNER, "ci", definition, 1), of(ADA))
        .expectException(RejectionException.class)
        .expectExceptionDetails(refused);
    given(CREATED)
        .when(new ChangeSubscription(ID, OWNER, "ci", definition, 1), of(caller(HOME, Role.ADMIN)))
        .expectSuccessfulHandlerExecution();
  }

  @Test
  void limitsSubscriptionsPerTenant() {
    count = SubscriptionCommand.SUBSCRIPTIONS_MAX;
    subscription
        .givenNoPriorActivity()
        .when(create(FIRST), of(ADA))
        .expectException(RejectionException.class)
        .expectExceptionDetails(
            new TooMany("subscriptions", SubscriptionCommand.SUBSCRIPTIONS_MAX));
  }

  @Test
  void definitionWhoseRequestsCannotBeSentIsRejected() {
    subscription
        .givenNoPriorActivity()
        .when(create(definition("")), of(ADA))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new SubscriptionRefused("url", "is none"));
  }

  @Test
  void changeNamesTheVersionItIsBasedOn() {
    given(CREATED)
        .when(change(ADA, 1), of(ADA))
        .expectEvents(new SubscriptionChanged(ID, 2, OWNER, "ci", SECOND))
        .expectResultMessagePayload(2L);
    given(CREATED)
        .when(change(ADA, 2), of(ADA))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new VersionConflict("subscription", 1));
  }

  @Test
  void editorLimitsWhatIsReadAndAdminsAreEditors() {
    var narrow =
        new Caller(
            HOME,
            ADA.user(),
            ADA.actor(),
            ADA.credential(),
            Role.MEMBER,
            EnumSet.of(Scope.SUBSCRIPTIONS_WRITE),
            false,
            false);
    given(CREATED)
        .when(change(narrow, 1), of(narrow))
        .expectEvents(new SubscriptionChanged(ID, 2, ExecutionPrincipal.of(narrow), "ci", SECOND));
    var admin = caller(HOME, Role.ADMIN);
    given(CREATED)
        .when(change(admin, 1), of(admin))
        .expectEvents(new SubscriptionChanged(ID, 2, OWNER, "ci", SECOND));
  }

  @Test
  void othersDoNotFindIt() {
    for (var stranger :
        List.of(caller(HOME, Role.MEMBER), caller(new TenantId("tnt_3333333333"), Role.ADMIN)))
      for (var command :
          List.of(
              change(stranger, 1),
              new PauseSubscription(ID, null),
              new ResumeSubscription(ID, null),
              new RotateSigningSecret(ID, SECRET, UNTIL, null),
              new RedeliverEvent(ID, DeliveryId.of(ID, "event"), null),
              new DeleteSubscription(ID)))
        given(CREATED)
            .when(command, of(stranger))
            .expectException(RejectionException.class)
            .expectExceptionDetails(NotFound.of(ID));
  }

  @Test
  void rotationKeepsThePreviousSecretForATime() {
    var next = SigningSecret.generate();
    given(CREATED)
        .when(new RotateSigningSecret(ID, next, UNTIL, null), of(ADA))
        .expectEvents(
            new SigningSecretRotated(
                ID,
                SEALER.seal(ID, SigningSecretRotated.class, "signingSecret", next.value()),
                UNTIL));
  }

  @Test
  void pausesAndResumesOnce() {
    given(CREATED).when(new PauseSubscription(ID, null), of(ADA)).expectEvents(PAUSED);
    given(CREATED, PAUSED).when(new PauseSubscription(ID, null), of(ADA)).expectNoEvents();
    given(CREATED, PAUSED)
        .when(new ResumeSubscription(ID, null), of(ADA))
        .expectEvents(new SubscriptionResumed(ID));
    given(CREATED).when(new ResumeSubscription(ID, null), of(ADA)).expectNoEvents();
  }

  @Test
  void isDisabledOnceAndCanBeResumed() {
    var service = ADA.provenance("req_2222222222").asMetadata();
    var disable = new DisableSubscription(ID, DisableReason.GONE);
    var disabled = new SubscriptionDisabled(ID, DisableReason.GONE);
    given(CREATED).when(disable, service).expectEvents(disabled);
    given(CREATED, disabled).when(disable, service).expectNoEvents();
    given(CREATED, PAUSED).when(disable, service).expectNoEvents();
    given(CREATED, disabled)
        .when(new ResumeSubscription(ID, null), of(ADA))
        .expectEvents(new SubscriptionResumed(ID));
  }

  @Test
  void redeliversOnlyWhileActive() {
    var delivery = DeliveryId.of(ID, "event");
    given(CREATED)
        .when(new RedeliverEvent(ID, delivery, null), of(ADA))
        .expectEvents(new RedeliveryRequested(ID, delivery));
    given(CREATED, PAUSED)
        .when(new RedeliverEvent(ID, delivery, null), of(ADA))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new SubscriptionNotActive(ID.value(), "paused"));
  }

  @Test
  void isDeletedOnceAndNotFoundAfterwards() {
    given(CREATED)
        .when(new DeleteSubscription(ID), of(ADA))
        .expectEvents(new SubscriptionDeleted(ID));
    var deleted = new SubscriptionDeleted(ID);
    given(CREATED, deleted).when(new DeleteSubscription(ID), of(ADA)).expectNoEvents();
    given(CREATED, deleted)
        .when(new ResumeSubscription(ID, null), of(ADA))
        .expectException(RejectionException.class)
        .expectExceptionDetails(NotFound.of(ID));
  }
}
