package io.agentledger.query.cost;

import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Query handlers for costs. */
@Configuration(proxyBeanMethods = false)
public class CostQueryConfiguration {
  @Bean
  CostQueryHandler costQueries(
      JdbcClient sql, CursorCodec cursorCodec, ReadModelAccess readModelAccess) {
    return new CostQueryHandler(new CostReader(sql), cursorCodec, readModelAccess);
  }
}
