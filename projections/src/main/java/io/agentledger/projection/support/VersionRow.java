package io.agentledger.projection.support;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventMessage;

/** Copy of a {@link VersionedRow} after one event of its stream, with the author of the event. */
@MappedSuperclass
@SuppressWarnings("NullAway.Init")
public abstract class VersionRow {
  @EmbeddedId private VersionKey key;
  private long version;
  private String name;
  private boolean archived;
  private String actor;
  private Instant at;

  protected VersionRow() {}

  protected VersionRow(VersionedRow row, DomainEventMessage<?> message) {
    this.key = new VersionKey(row.id(), message.getSequenceNumber());
    this.version = row.version();
    this.name = row.name();
    this.archived = row.archivedAt() != null;
    this.actor = Provenance.of(message.getMetaData()).actor().toString();
    this.at = message.getTimestamp();
  }

  public final VersionKey key() {
    return key;
  }

  public final long version() {
    return version;
  }

  public final String name() {
    return name;
  }

  public final boolean archived() {
    return archived;
  }

  public final Actor actor() {
    return Actor.parse(actor);
  }

  public final Instant at() {
    return at;
  }
}
