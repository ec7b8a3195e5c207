package io.agentledger.projection.permission;

import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.projection.support.VersionRow;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;

/** Version of a policy, one for each event. */
@Entity
@Table(name = "policy_version_row")
@AttributeOverride(name = "key.id", column = @Column(name = "policy_id"))
@SuppressWarnings("NullAway.Init")
public class PolicyVersionRow extends VersionRow {
  @Convert(converter = PolicyRow.DefinitionColumn.class)
  private PolicyDefinition definition;

  protected PolicyVersionRow() {}

  PolicyVersionRow(PolicyRow row, DomainEventMessage<?> message) {
    super(row, message);
    this.definition = row.definition();
  }

  public PolicyDefinition definition() {
    return definition;
  }
}
