package io.agentledger.command.mcp;

import io.agentledger.api.mcp.McpServerId;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Records the times of checks, to a precision of some seconds, because sessions check servers
 * frequently.
 */
final class McpCheckTimeRecorder {
  private final JdbcClient sql;

  McpCheckTimeRecorder(JdbcClient sql) {
    this.sql = sql;
  }

  void recordCheck(McpServerId server) {
    sql.sql(
            """
            insert into mcp_check (mcp_server_id, checked_at) values (?, now())
            on conflict (mcp_server_id) do update set checked_at = excluded.checked_at
            where mcp_check.checked_at < excluded.checked_at - interval '5 seconds'""")
        .param(server.value())
        .update();
  }
}
