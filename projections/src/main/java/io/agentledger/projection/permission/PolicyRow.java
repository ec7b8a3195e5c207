package io.agentledger.projection.permission;

import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.api.permission.PolicyScope;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One policy as it stands after the event that {@link #sequence} names. */
@Entity
@Table(name = "policy_row")
@SuppressWarnings("NullAway.Init")
public class PolicyRow {
  @Id private String id;
  private String tenant;
  private String scope;
  private String name;
  private String definition;
  private long version;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant archivedAt;

  protected PolicyRow() {}

  PolicyRow(String tenant, PolicyCreated event, Instant at) {
    this.id = event.policyId().value();
    this.tenant = tenant;
    this.scope = PolicyJson.toJson(event.scope());
    this.name = event.name();
    this.definition = PolicyJson.toJson(event.definition());
    this.version = 1;
    this.createdAt = at;
    this.updatedAt = at;
  }

  /** False for an event that it has seen already. */
  boolean advanceTo(long number, Instant at) {
    if (number <= sequence) return false;
    sequence = number;
    updatedAt = at;
    return true;
  }

  void update(long number, String newName, PolicyDefinition newDefinition) {
    version = number;
    name = newName;
    definition = PolicyJson.toJson(newDefinition);
  }

  void archive(Instant at) {
    archivedAt = at;
  }

  public String id() {
    return id;
  }

  public PolicyScope scope() {
    return PolicyJson.toScope(scope);
  }

  public String name() {
    return name;
  }

  public PolicyDefinition definition() {
    return PolicyJson.toDefinition(definition);
  }

  public long version() {
    return version;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  public @Nullable Instant archivedAt() {
    return archivedAt;
  }
}
