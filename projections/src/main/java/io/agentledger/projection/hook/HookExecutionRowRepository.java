package io.agentledger.projection.hook;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Executions of all hooks; callers must check access to the session first. */
public interface HookExecutionRowRepository
    extends JpaRepository<HookExecutionRow, HookExecutionKey> {
  /** Returns rows in order of the events, after {@code after}. */
  @Query(
      """
      select e from HookExecutionRow e
      where e.tenant = :tenant and e.key.sessionId = :session and e.key.sequence > :after
      order by e.key.sequence
      """)
  List<HookExecutionRow> page(String tenant, String session, long after, Limit limit);
}
