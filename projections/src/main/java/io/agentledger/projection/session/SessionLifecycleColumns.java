package io.agentledger.projection.session;

import io.agentledger.api.session.Stage;
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
 * Where a session stands in its life, and by which tags it is found.
 *
 * @param since when it stands there
 * @param tags sorted
 */
@Embeddable
public record SessionLifecycleColumns(
    @Enumerated(EnumType.STRING) Stage stage,
    @Column(name = "stage_since") Instant since,
    @JdbcTypeCode(SqlTypes.ARRAY) List<String> tags) {
  static SessionLifecycleColumns begun(Instant at) {
    return new SessionLifecycleColumns(Stage.OPEN, at, List.of());
  }

  SessionLifecycleColumns after(LifecycleEvent event, Instant at) {
    return switch (event) {
      case SessionTagged tagged -> new SessionLifecycleColumns(stage, since, tagged.tags());
      case SessionPaused ignored -> in(Stage.PAUSED, at);
      case SessionUnpaused ignored -> in(Stage.OPEN, at);
      case SessionRestored ignored -> in(Stage.OPEN, at);
      case SessionExpired ignored -> in(Stage.EXPIRED, at);
      case SessionArchived ignored -> in(Stage.ARCHIVED, at);
      case SessionClosed ignored -> in(Stage.CLOSED, at);
      case SessionDeleted ignored -> in(Stage.DELETED, at);
      default -> this;
    };
  }

  private SessionLifecycleColumns in(Stage next, Instant at) {
    return new SessionLifecycleColumns(next, at, tags);
  }
}
