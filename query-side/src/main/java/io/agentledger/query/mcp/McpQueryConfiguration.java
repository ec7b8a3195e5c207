package io.agentledger.query.mcp;

import io.agentledger.projection.mcp.McpServerRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans that answer about MCP servers. */
@Configuration(proxyBeanMethods = false)
public class McpQueryConfiguration {
  @Bean
  McpServerQueryHandler mcpQueries(
      McpServerRowRepository servers,
      JdbcClient sql,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    return new McpServerQueryHandler(
        servers, new McpCheckTimeReader(sql), readModelAccess, cursorCodec);
  }
}
