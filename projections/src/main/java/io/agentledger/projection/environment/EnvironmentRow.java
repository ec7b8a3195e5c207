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
  private String terms;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent notes;

  private long version;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant archivedAt;
  private boolean deleted;

  protected EnvironmentRow() {}

  /** What one of its versions says. */
  record Says(String name, EnvironmentDefinition terms, @Nullable SealedContent notes) {}

  EnvironmentRow(EnvironmentId id, String tenant, Says first, Instant at) {
    this.id = id.value();
    this.tenant = tenant;
    this.name = first.name();
    this.terms = EnvironmentJson.toJson(first.terms());
    this.notes = first.notes();
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

  void update(long number, Says now) {
    version = number;
    name = now.name();
    terms = EnvironmentJson.toJson(now.terms());
    notes = now.notes();
  }

  void archived(@Nullable Instant at) {
    archivedAt = at;
  }

  void deleted() {
    deleted = true;
  }

  public String id() {
    return id;
  }

  public String name() {
    return name;
  }

  public EnvironmentDefinition terms() {
    return EnvironmentJson.terms(terms);
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
