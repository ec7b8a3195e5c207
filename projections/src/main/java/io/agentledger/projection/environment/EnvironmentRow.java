package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One environment as it stands after the event that {@link #sequence} names. */
@Entity
@Table(name = "environment_row")
@SuppressWarnings("NullAway.Init")
public class EnvironmentRow {
  @Id private String id;
  private String tenant;
  private String name;
  private String definition;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent notes;

  private long version;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant archivedAt;
  private boolean deleted;

  protected EnvironmentRow() {}

  /** Values of one version of an environment. */
  record EnvironmentValues(
      String name, EnvironmentDefinition definition, @Nullable SealedContent notes) {}

  EnvironmentRow(EnvironmentId id, String tenant, EnvironmentValues values, Instant at) {
    this.id = id.value();
    this.tenant = tenant;
    this.name = values.name();
    this.definition = EnvironmentJson.toJson(values.definition());
    this.notes = values.notes();
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

  void update(long number, EnvironmentValues values) {
    version = number;
    name = values.name();
    definition = EnvironmentJson.toJson(values.definition());
    notes = values.notes();
  }

  void setArchivedAt(@Nullable Instant at) {
    archivedAt = at;
  }

  void delete() {
    deleted = true;
  }

  public String id() {
    return id;
  }

  public String name() {
    return name;
  }

  public EnvironmentDefinition definition() {
    return EnvironmentJson.toDefinition(definition);
  }

  public @Nullable SealedContent notes() {
    return notes;
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
