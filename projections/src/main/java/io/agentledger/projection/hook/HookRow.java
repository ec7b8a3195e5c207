package io.agentledger.projection.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.permission.PolicyScope;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One hook as it stands after the event that {@link #sequence} names. */
@Entity
@Table(name = "hook_row")
@SuppressWarnings("NullAway.Init")
public class HookRow {
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

  protected HookRow() {}

  HookRow(String tenant, HookCreated event, Instant at) {
    this.id = event.hookId().value();
    this.tenant = tenant;
    this.scope = HookJson.toJson(event.scope());
    this.name = event.name();
    this.definition = HookJson.toJson(event.definition());
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

  void update(long number, String newName, HookDefinition newDefinition) {
    version = number;
    name = newName;
    definition = HookJson.toJson(newDefinition);
  }

  void archive(Instant at) {
    archivedAt = at;
  }

  public String id() {
    return id;
  }

  public PolicyScope scope() {
    return HookJson.toScope(scope);
  }

  public String name() {
    return name;
  }

  public HookDefinition definition() {
    return HookJson.toDefinition(definition);
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
