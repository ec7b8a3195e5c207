package io.agentledger.projection.session.run;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of reports of sessions' processes. */
public interface SessionProcessRowRepository extends JpaRepository<SessionProcessRow, String> {
  Optional<SessionProcessRow> findBySessionIdAndTenant(String sessionId, String tenant);
}
