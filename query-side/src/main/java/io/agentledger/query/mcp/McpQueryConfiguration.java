package io.agentledger.query.mcp;

import io.agentledger.projection.mcp.McpServerRows;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.mcp.McpQueries.Reading;
import io.agentledger.query.support.Cursors;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans that answer about MCP servers. */
@Configuration(proxyBeanMethods = false)
public class McpQueryConfiguration {
  @Bean
  Reading mcpReading(
      @Qualifier("eventStore") EventStore store,
      Progress progress,
      PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    return new Reading(store, progress, reading);
  }

  @Bean
  McpQueries mcpQueries(McpServerRows servers, JdbcClient sql, Reading reading, Cursors cursors) {
    return new McpQueries(servers, new McpLooks(sql), reading, cursors);
  }
}
