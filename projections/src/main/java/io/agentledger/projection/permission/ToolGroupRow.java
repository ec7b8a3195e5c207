package io.agentledger.projection.permission;

import io.agentledger.api.permission.ToolGroupEvent.ToolGroupCreated;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One group of tools as it stands after the event that {@link #sequence} names. */
@Entity
@Table(name = "tool_group_row")
@SuppressWarnings("NullAway.Init")
public class ToolGroupRow {
  @Id private String id;
  private String tenant;
  private String name;
  private String[] tools;
  private long version;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant archivedAt;

  protected ToolGroupRow() {}

  ToolGroupRow(String tenant, ToolGroupCreated event, Instant at) {
    this.id = event.toolGroupId().value();
    this.tenant = tenant;
    this.name = event.name();
    this.tools = event.tools().toArray(String[]::new);
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

  void update(long number, List<String> newTools) {
    version = number;
    tools = newTools.toArray(String[]::new);
  }

  void archive(Instant at) {
    archivedAt = at;
  }

  public String id() {
    return id;
  }

  public String name() {
    return name;
  }

  public List<String> tools() {
    return List.of(tools);
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
