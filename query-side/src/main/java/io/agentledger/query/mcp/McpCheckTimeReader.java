package io.agentledger.query.mcp;

import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the times of the last checks of MCP servers. */
final class McpCheckTimeReader {
  private final JdbcClient sql;

  McpCheckTimeReader(JdbcClient sql) {
    this.sql = sql;
  }

  /** To some seconds; empty before the first look. */
  Optional<Instant> last(String server) {
    return sql.sql("select checked_at from mcp_check where mcp_server_id = ?")
        .param(server)
        .query((row, number) -> row.getTimestamp(1).toInstant())
        .optional();
  }
}
