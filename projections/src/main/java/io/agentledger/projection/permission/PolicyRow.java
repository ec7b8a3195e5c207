package io.agentledger.projection.permission;

import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyEvent.PolicyChanged;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.PolicyScopeConverter;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;

/** One policy. */
@Entity
@Table(name = "policy_row")
@SuppressWarnings("NullAway.Init")
public class PolicyRow extends VersionedRow {
  @Convert(converter = PolicyScopeConverter.class)
  private PolicyScope scope;

  @Convert(converter = DefinitionColumn.class)
  private PolicyDefinition definition;

  protected PolicyRow() {}

  PolicyRow(PolicyCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.scope = event.scope();
    this.definition = event.definition();
  }

  void update(PolicyChanged event) {
    recordVersion(event.version());
    rename(event.name());
    definition = event.definition();
  }

  public PolicyScope scope() {
    return scope;
  }

  public PolicyDefinition definition() {
    return definition;
  }

  @Immutable
  static final class DefinitionColumn extends JsonConverter<PolicyDefinition> {
    DefinitionColumn() {
      super(PolicyDefinition.class);
    }
  }
}
