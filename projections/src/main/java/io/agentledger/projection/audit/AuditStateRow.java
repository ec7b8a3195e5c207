package io.agentledger.projection.audit;

import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** Last state of a configuration, or of one of its parts, as JSON without withheld values. */
@Entity
@Table(name = "audit_state")
@SuppressWarnings("NullAway.Init")
class AuditStateRow {
  @EmbeddedId private AuditStateKey key;
  private long sequence;
  private String state;

  protected AuditStateRow() {}

  AuditStateRow(AuditStateKey key) {
    this.key = key;
    this.sequence = -1;
    this.state = "{}";
  }

  /** Returns the number of the last event in its stream that updated the state. */
  long sequence() {
    return sequence;
  }

  String state() {
    return state;
  }

  void update(long newSequence, String newState) {
    sequence = newSequence;
    state = newState;
  }
}
