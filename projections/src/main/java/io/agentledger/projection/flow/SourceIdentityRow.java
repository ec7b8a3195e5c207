package io.agentledger.projection.flow;

import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityMapped;
import io.agentledger.projection.support.ConfigurationRow;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** One account at a provider; its name is that of the provider. */
@Entity
@Table(name = "source_identity_row")
@SuppressWarnings("NullAway.Init")
public class SourceIdentityRow extends ConfigurationRow {
  private String userId;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent accountId;

  protected SourceIdentityRow() {}

  SourceIdentityRow(SourceIdentityMapped event, DomainEventMessage<?> message) {
    super(event.provider().name(), message);
    map(event);
  }

  final void map(SourceIdentityMapped event) {
    userId = event.userId().value();
    accountId = SealedContent.of(SourceIdentityMapped.class, "accountId", event.accountId());
    restore();
  }

  public String userId() {
    return userId;
  }

  public @Nullable SealedContent accountId() {
    return accountId;
  }
}
