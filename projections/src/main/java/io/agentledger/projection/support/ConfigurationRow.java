package io.agentledger.projection.support;

import io.agentledger.api.identity.Provenance;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Row of a named configuration object of a tenant, after the event with the number {@code sequence}
 * of its stream.
 */
@MappedSuperclass
@SuppressWarnings("NullAway.Init")
public abstract class ConfigurationRow {
  @Id private String id;
  private String tenant;
  private String name;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant archivedAt;

  protected ConfigurationRow() {}

  /**
   * Creates the row.
   *
   * @param created message of the first event of the stream
   */
  protected ConfigurationRow(String name, DomainEventMessage<?> created) {
    this.id = created.getAggregateIdentifier();
    this.tenant = Provenance.of(created.getMetaData()).tenant().value();
    this.name = name;
    this.createdAt = created.getTimestamp();
    this.updatedAt = createdAt;
  }

  /** Returns false for an event that the row contains already. */
  final boolean advanceTo(DomainEventMessage<?> message) {
    if (message.getSequenceNumber() <= sequence) return false;
    sequence = message.getSequenceNumber();
    updatedAt = message.getTimestamp();
    return true;
  }

  public final void rename(String newName) {
    name = newName;
  }

  public final void archive(DomainEventMessage<?> message) {
    archivedAt = message.getTimestamp();
  }

  public final void restore() {
    archivedAt = null;
  }

  public final String id() {
    return id;
  }

  /** Returns the number of events that the row contains. */
  public final long eventCount() {
    return sequence + 1;
  }

  public final String tenant() {
    return tenant;
  }

  public final String name() {
    return name;
  }

  public final Instant createdAt() {
    return createdAt;
  }

  public final Instant updatedAt() {
    return updatedAt;
  }

  public final @Nullable Instant archivedAt() {
    return archivedAt;
  }
}
