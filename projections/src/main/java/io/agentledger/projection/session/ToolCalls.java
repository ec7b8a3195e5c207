package io.agentledger.projection.session;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The tool calls of all sessions. */
public interface ToolCalls extends JpaRepository<ToolCallRow, CallKey> {
  /** In order of the record, those behind {@code after}. */
  @Query(
      """
      select t from ToolCallRow t
      where t.tenant = :tenant and t.key.sessionId = :session and t.sequence > :after
      order by t.sequence
      """)
  List<ToolCallRow> page(String tenant, String session, long after, Limit limit);
}
