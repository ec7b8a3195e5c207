package io.agentledger.projection.cost;

import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** Owner, agent and execution of a task that a session's costs are assigned to. */
@Entity
@Table(name = "cost_session_row")
@SuppressWarnings("NullAway.Init")
public class CostSessionRow {
  @Id private String sessionId;
  private String agentId;
  private String owner;
  private @Nullable String executionId;

  protected CostSessionRow() {}

  CostSessionRow(SessionOpened event) {
    this.sessionId = event.sessionId().value();
    this.agentId = event.agent().id().value();
    this.owner = event.ownerId().value();
    if (event.origin() instanceof SessionOrigin.Task task) this.executionId = task.executionId();
  }

  String agentId() {
    return agentId;
  }

  String owner() {
    return owner;
  }
}
