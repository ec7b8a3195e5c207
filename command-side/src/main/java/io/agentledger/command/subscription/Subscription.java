package io.agentledger.command.subscription;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SubscriptionRejection.SubscriptionNotActive;
import io.agentledger.api.shared.SubscriptionRejection.SubscriptionRefused;
import io.agentledger.api.subscription.IssuedSubscription;
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
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionRegistry;
import io.agentledger.api.subscription.SubscriptionStatus;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.store.crypto.Sealer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Subscription from its creation to its deletion. */
@Aggregate(type = "Subscription")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Subscription extends ConfigurationAggregate<SubscriptionId> {
  /** Field of the events that contain a signing secret. */
  static final String SIGNING_SECRET = "signingSecret";

  private ExecutionPrincipal owner;
  private String name;
  private SubscriptionDefinition definition;
  private SubscriptionStatus status;

  Subscription() {}

  /** A subscription of another user is not found. */
  @Override
  protected void checkAccess(MetaData metaData) {
    Caller.of(metaData)
        .filter(
            caller ->
                !caller.user().equals(owner.userId()) && !caller.has(Scope.SESSIONS_WRITE_ALL))
        .ifPresent(
            caller -> {
              throw notFound();
            });
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  IssuedSubscription create(
      CreateSubscription command,
      TenantId owningTenant,
      SubscriptionRegistry registry,
      Sealer sealer,
      MetaData metaData) {
    if (id != null) return new IssuedSubscription(id, null);
    requireMayUse(command.definition(), metaData);
    registry.check(owningTenant, command.definition());
    if (registry.countLocked(owningTenant) >= SubscriptionCommand.SUBSCRIPTIONS_MAX)
      throw new RejectionException(
          new TooMany("subscriptions", SubscriptionCommand.SUBSCRIPTIONS_MAX));
    var newId = command.subscriptionId();
    apply(
        new SubscriptionCreated(
            newId,
            command.owner(),
            command.name(),
            command.definition(),
            seal(sealer, newId, SubscriptionCreated.class, command.signingSecret())));
    return new IssuedSubscription(newId, command.signingSecret());
  }

  private static Content seal(
      Sealer sealer,
      SubscriptionId id,
      Class<? extends SubscriptionEvent> event,
      SigningSecret secret) {
    return sealer.seal(id, event, SIGNING_SECRET, secret.value());
  }

  /**
   * Rejects the use of a vault by callers who may not change it, and by agents, as for hooks of
   * sessions: they could send its secrets to any path of their servers.
   */
  private static void requireMayUse(SubscriptionDefinition definition, MetaData metaData) {
    if (definition.secrets().isEmpty()) return;
    var caller = Caller.of(metaData);
    if (caller.filter(principal -> principal.role() == Role.AGENT).isPresent())
      throw new RejectionException(new Forbidden());
    if (caller.filter(principal -> principal.has(Scope.VAULTS_WRITE)).isEmpty())
      throw new RejectionException(
          new SubscriptionRefused("secrets", "need the scope vaults:write"));
  }

  @CommandHandler
  long change(ChangeSubscription command, SubscriptionRegistry registry, MetaData metaData) {
    requireNotDeleted();
    if (name.equals(command.name()) && definition.equals(command.definition())) return version;
    requireVersion(command.version());
    requireMayUse(command.definition(), metaData);
    registry.check(owningTenant(), command.definition());
    var editor = command.editor();
    var reader = editor.userId().equals(owner.userId()) ? editor : owner.limitedBy(editor);
    apply(new SubscriptionChanged(id, version + 1, reader, command.name(), command.definition()));
    return version;
  }

  @CommandHandler
  IssuedSubscription rotate(RotateSigningSecret command, Sealer sealer) {
    requireNotDeleted();
    apply(
        new SigningSecretRotated(
            id,
            seal(sealer, id, SigningSecretRotated.class, command.signingSecret()),
            command.previousValidUntil()));
    return new IssuedSubscription(id, command.signingSecret());
  }

  @CommandHandler
  void pause(PauseSubscription command) {
    requireNotDeleted();
    if (status == SubscriptionStatus.ACTIVE) apply(new SubscriptionPaused(id));
  }

  @CommandHandler
  void resume(ResumeSubscription command) {
    requireNotDeleted();
    if (status != SubscriptionStatus.ACTIVE) apply(new SubscriptionResumed(id));
  }

  @CommandHandler
  void disable(DisableSubscription command) {
    if (!archived && status == SubscriptionStatus.ACTIVE)
      apply(new SubscriptionDisabled(id, command.reason()));
  }

  @CommandHandler
  void redeliver(RedeliverEvent command) {
    requireNotDeleted();
    if (status != SubscriptionStatus.ACTIVE)
      throw new RejectionException(new SubscriptionNotActive(id.value(), status.wireName()));
    apply(new RedeliveryRequested(id, command.deliveryId()));
  }

  @CommandHandler
  void delete(DeleteSubscription command) {
    if (!archived) apply(new SubscriptionDeleted(id));
  }

  private void requireNotDeleted() {
    if (archived) throw notFound();
  }

  @EventSourcingHandler
  void on(SubscriptionCreated event, TenantId tenant) {
    create(event.subscriptionId(), tenant);
    owner = event.owner();
    name = event.name();
    definition = event.definition();
    status = SubscriptionStatus.ACTIVE;
  }

  @EventSourcingHandler
  void on(SubscriptionChanged event) {
    owner = event.owner();
    name = event.name();
    definition = event.definition();
    version = event.version();
  }

  @EventSourcingHandler
  void on(SubscriptionPaused event) {
    status = SubscriptionStatus.PAUSED;
  }

  @EventSourcingHandler
  void on(SubscriptionResumed event) {
    status = SubscriptionStatus.ACTIVE;
  }

  @EventSourcingHandler
  void on(SubscriptionDisabled event) {
    status = SubscriptionStatus.DISABLED;
  }

  @EventSourcingHandler
  void on(SubscriptionDeleted event) {
    archived = true;
  }
}
