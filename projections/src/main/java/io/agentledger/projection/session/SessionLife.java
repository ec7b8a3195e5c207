package io.agentledger.projection.session;

import io.agentledger.api.session.LifecycleEvent;
import io.agentledger.api.session.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.LifecycleEvent.SessionUnpaused;
import io.agentledger.api.session.Stage;
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
public record SessionLife(
    @Enumerated(EnumType.STRING) Stage stage,
    @Column(name = "stage_since") Instant since,
    @JdbcTypeCode(SqlTypes.ARRAY) List<String> tags) {
  static SessionLife begun(Instant at) {
    return new SessionLife(Stage.OPEN, at, List.of());
  }

  SessionLife after(LifecycleEvent event, Instant at) {
    return switch (event) {
      case SessionTagged tagged -> new SessionLife(stage, since, tagged.tags());
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

  private SessionLife in(Stage next, Instant at) {
    return new SessionLife(next, at, tags);
  }
}
