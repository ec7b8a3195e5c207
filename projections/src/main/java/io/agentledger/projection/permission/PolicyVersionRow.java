package io.agentledger.projection.permission;

import io.agentledger.api.permission.PolicyDefinition;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

/** Version of a policy, one for each event. */
@Entity
@Table(name = "policy_version_row")
@SuppressWarnings("NullAway.Init")
public class PolicyVersionRow {
  @EmbeddedId private PolicyVersionKey key;
  private long version;
  private String name;
  private String definition;
  private boolean archived;
  private String actor;
  private Instant at;

  protected PolicyVersionRow() {}

  PolicyVersionRow(PolicyVersionKey key, PolicyRow row, String actor, Instant at) {
    this.key = key;
    this.version = row.version();
    this.name = row.name();
    this.definition = PolicyJson.toJson(row.definition());
    this.archived = row.archivedAt() != null;
    this.actor = actor;
    this.at = at;
  }

  public PolicyVersionKey key() {
    return key;
  }

  public long version() {
    return version;
  }

  public String name() {
    return name;
  }

  public PolicyDefinition definition() {
    return PolicyJson.toDefinition(definition);
  }

  public boolean archived() {
    return archived;
  }

  /** {@code type:id}. */
  public String actor() {
    return actor;
  }

  public Instant at() {
    return at;
  }
}
