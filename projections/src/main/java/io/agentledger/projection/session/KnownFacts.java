package io.agentledger.projection.session;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

/** What was learnt last of sessions' processes. */
public interface KnownFacts extends JpaRepository<KnownFact, String> {
  Optional<KnownFact> findBySessionIdAndTenant(String sessionId, String tenant);
}
