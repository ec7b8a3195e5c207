package io.agentledger.projection.permission;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of decisions in all sessions; access to a session must be checked before. */
public interface DecisionRowRepository extends JpaRepository<DecisionRow, String> {
  /** Returns rows in order of the events, after {@code after}. */
  @Query(
      """
      select d from DecisionRow d
      where d.tenant = :tenant and d.sessionId = :session and d.sequence > :after
      order by d.sequence
      """)
  List<DecisionRow> page(String tenant, String session, long after, Limit limit);

  @Query("select d from DecisionRow d where d.sessionId = :session and d.toolCallId = :call")
  List<DecisionRow> findByCall(String session, String call);
}
