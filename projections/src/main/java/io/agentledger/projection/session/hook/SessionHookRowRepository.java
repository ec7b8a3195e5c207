package io.agentledger.projection.session.hook;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the hooks that are attached to sessions. */
public interface SessionHookRowRepository extends JpaRepository<SessionHookRow, String> {
  /** Returns the hooks of a session by name. */
  @Query("select h from SessionHookRow h where h.sessionId = :session order by h.name, h.hookId")
  List<SessionHookRow> findBySession(String session);
}
