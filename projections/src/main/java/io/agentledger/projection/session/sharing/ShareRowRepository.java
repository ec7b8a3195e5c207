package io.agentledger.projection.session.sharing;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the shares of all sessions. */
public interface ShareRowRepository extends JpaRepository<ShareRow, ShareKey> {
  /**
   * Returns the share of the tenant first; at most {@link
   * io.agentledger.api.session.SessionAcl#USERS_MAX} more.
   */
  @Query("select s from ShareRow s where s.key.sessionId = :session order by s.key.audience")
  List<ShareRow> findBySession(String session);
}
