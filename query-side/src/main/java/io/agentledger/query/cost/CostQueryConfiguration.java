package io.agentledger.query.cost;

import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Reading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The bean that answers about costs. */
@Configuration(proxyBeanMethods = false)
public class CostQueryConfiguration {
  @Bean
  CostQueries costQueries(JdbcClient sql, Cursors cursors, Reading reading) {
    return new CostQueries(new CostTables(sql), cursors, reading);
  }
}
