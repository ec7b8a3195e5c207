package io.agentledger.query.mcp;

import io.agentledger.projection.mcp.McpServerRows;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Reading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans that answer about MCP servers. */
@Configuration(proxyBeanMethods = false)
public class McpQueryConfiguration {
  @Bean
  McpQueries mcpQueries(McpServerRows servers, JdbcClient sql, Reading reading, Cursors cursors) {
    return new McpQueries(servers, new McpLooks(sql), reading, cursors);
  }
}
