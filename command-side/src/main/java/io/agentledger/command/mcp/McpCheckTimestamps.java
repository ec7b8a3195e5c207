package io.agentledger.command.mcp;

import io.agentledger.api.mcp.McpServerId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Notes when servers were looked at, to some seconds: sessions look at them all the time. */
final class McpCheckTimestamps {
  private final JdbcClient sql;

  McpCheckTimestamps(JdbcClient sql) {
    this.sql = sql;
  }

  void note(McpServerId server) {
    sql.sql(
            """
            insert into mcp_look (mcp_server_id, looked_at) values (?, now())
            on conflict (mcp_server_id) do update set looked_at = excluded.looked_at
            where mcp_look.looked_at < excluded.looked_at - interval '5 seconds'""")
        .param(server.value())
        .update();
  }
}
