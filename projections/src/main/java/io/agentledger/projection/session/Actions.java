package io.agentledger.projection.session;

import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** What all sessions wait for. */
public interface Actions extends JpaRepository<ActionRow, String> {
  /** What these sessions wait for, oldest first. */
  @Query(
      """
      select a from ActionRow a
      where a.tenant = :tenant and a.sessionId in :sessions order by a.sessionId, a.sequence
      """)
  List<ActionRow> of(String tenant, Collection<String> sessions);
}
