package io.agentledger.projection.subscription;

import io.agentledger.api.subscription.DisableReason;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionChanged;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionCreated;
import io.agentledger.api.subscription.SubscriptionStatus;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One subscription; it is archived when it was deleted. */
@Entity
@Table(name = "subscription_row")
@SuppressWarnings("NullAway.Init")
public class SubscriptionRow extends VersionedRow {
  private String owner;

  @Convert(converter = DefinitionColumn.class)
  private SubscriptionDefinition definition;

  @Enumerated(EnumType.STRING)
  private SubscriptionStatus status = SubscriptionStatus.ACTIVE;

  @Enumerated(EnumType.STRING)
  private @Nullable DisableReason disableReason;

  private @Nullable Instant previousSecretValidUntil;

  protected SubscriptionRow() {}

  SubscriptionRow(SubscriptionCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.owner = event.owner().userId().value();
    this.definition = event.definition();
  }

  void change(SubscriptionChanged event) {
    recordVersion(event.version());
    rename(event.name());
    definition = event.definition();
  }

  void rotateSecret(Instant previousValidUntil) {
    previousSecretValidUntil = previousValidUntil;
  }

  void set(SubscriptionStatus newStatus, @Nullable DisableReason reason) {
    status = newStatus;
    disableReason = reason;
  }

  public String owner() {
    return owner;
  }

  public SubscriptionDefinition definition() {
    return definition;
  }

  public SubscriptionStatus status() {
    return status;
  }

  public @Nullable DisableReason disableReason() {
    return disableReason;
  }

  public @Nullable Instant previousSecretValidUntil() {
    return previousSecretValidUntil;
  }

  @Immutable
  static final class DefinitionColumn extends JsonConverter<SubscriptionDefinition> {
    DefinitionColumn() {
      super(SubscriptionDefinition.class);
    }
  }
}
