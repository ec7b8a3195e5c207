package io.agentledger.projection.support;

import jakarta.persistence.MappedSuperclass;
import org.axonframework.eventhandling.DomainEventMessage;

/** Row of a configuration object with versions, from 1. */
@MappedSuperclass
public abstract class VersionedRow extends ConfigurationRow {
  private long version = 1;

  protected VersionedRow() {}

  protected VersionedRow(String name, DomainEventMessage<?> created) {
    super(name, created);
  }

  protected final void recordVersion(long newVersion) {
    version = newVersion;
  }

  public final long version() {
    return version;
  }
}
