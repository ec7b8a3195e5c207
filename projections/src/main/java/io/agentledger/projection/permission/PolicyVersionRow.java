package io.agentledger.projection.permission;

import io.agentledger.api.permission.PolicyDefinition;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

/** What one fact made of a policy. */
@Entity
@Table(name = "policy_version_row")
@SuppressWarnings("NullAway.Init")
public class PolicyVersionRow {
  @EmbeddedId private PolicyVersionKey key;
  private long version;
  private String name;
  private String terms;
  private boolean archived;
  private String actor;
  private Instant at;

  protected PolicyVersionRow() {}

  PolicyVersionRow(PolicyVersionKey key, PolicyRow after, String actor, Instant at) {
    this.key = key;
    this.version = after.version();
    this.name = after.name();
    this.terms = PolicyJson.toJson(after.terms());
    this.archived = after.archivedAt() != null;
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

  public PolicyDefinition terms() {
    return PolicyJson.terms(terms);
  }

  public boolean archived() {
    return archived;
  }

  /** {@code kind:id}. */
  public String actor() {
    return actor;
  }

  public Instant at() {
    return at;
  }
}
