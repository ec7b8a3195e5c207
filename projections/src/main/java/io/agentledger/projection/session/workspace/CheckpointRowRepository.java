package io.agentledger.projection.session.workspace;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of checkpoints. */
public interface CheckpointRowRepository extends JpaRepository<CheckpointRow, String> {
  /** Returns checkpoints newest first, before the given event. */
  @Query(
      """
      select c from CheckpointRow c
      where c.tenant = :tenant and c.sessionId = :session and c.sequence < :before
      order by c.sequence desc
      """)
  List<CheckpointRow> page(String tenant, String session, long before, Limit limit);
}
