package io.agentledger.projection.identity;

import io.agentledger.api.identity.event.TenantEvent;
import io.agentledger.api.identity.event.TenantEvent.TenantCreated;
import io.agentledger.api.identity.event.TenantEvent.TenantRenamed;
import io.agentledger.api.identity.event.TenantEvent.TenantResumed;
import io.agentledger.api.identity.event.TenantEvent.TenantSuspended;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** State of one tenant after the event with the number {@link #sequence}. */
@Entity
@Table(name = "tenant_row")
@SuppressWarnings("NullAway.Init")
public class TenantRow {
  @Id private String id;
  private String name;
  private boolean suspended;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;

  protected TenantRow() {}

  TenantRow(TenantCreated event, Instant at) {
    this.id = event.tenantId().value();
    this.name = event.name();
    this.sequence = 1;
    this.createdAt = at;
    this.updatedAt = at;
  }

  /** Applies an event; does nothing if the row contains it already. */
  void apply(TenantEvent event, long eventSequence, Instant at) {
    if (eventSequence <= sequence) return;
    sequence = eventSequence;
    updatedAt = at;
    switch (event) {
      case TenantCreated ignored -> {}
      case TenantRenamed renamed -> name = renamed.name();
      case TenantSuspended ignored -> suspended = true;
      case TenantResumed ignored -> suspended = false;
    }
  }

  public String id() {
    return id;
  }

  public String name() {
    return name;
  }

  public boolean suspended() {
    return suspended;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
