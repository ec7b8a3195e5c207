package io.agentledger.projection.session;

import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.event.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.event.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.event.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnpaused;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * Columns for the lifecycle and the tags of a session.
 *
 * @param since since when the session has its status
 * @param tags sorted
 */
@Embeddable
public record SessionLifecycleColumns(
    @Column(name = "lifecycle") @Enumerated(EnumType.STRING) LifecycleStatus status,
    @Column(name = "lifecycle_since") Instant since,
    @JdbcTypeCode(SqlTypes.ARRAY) List<String> tags) {
  static SessionLifecycleColumns opened(Instant at) {
    return new SessionLifecycleColumns(LifecycleStatus.OPEN, at, List.of());
  }

  SessionLifecycleColumns apply(LifecycleEvent event, Instant at) {
    return switch (event) {
      case SessionTagged tagged -> new SessionLifecycleColumns(status, since, tagged.tags());
      case SessionPaused ignored -> withStatus(LifecycleStatus.PAUSED, at);
      case SessionUnpaused ignored -> withStatus(LifecycleStatus.OPEN, at);
      case SessionRestored ignored -> withStatus(LifecycleStatus.OPEN, at);
      case SessionExpired ignored -> withStatus(LifecycleStatus.EXPIRED, at);
      case SessionArchived ignored -> withStatus(LifecycleStatus.ARCHIVED, at);
      case SessionClosed ignored -> withStatus(LifecycleStatus.CLOSED, at);
      case SessionDeleted ignored -> withStatus(LifecycleStatus.DELETED, at);
      default -> this;
    };
  }

  private SessionLifecycleColumns withStatus(LifecycleStatus next, Instant at) {
    return new SessionLifecycleColumns(next, at, tags);
  }
}
