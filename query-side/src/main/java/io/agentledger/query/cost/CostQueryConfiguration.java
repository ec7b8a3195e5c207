package io.agentledger.query.cost;

import io.agentledger.query.support.Cursors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The bean that answers about costs. */
@Configuration(proxyBeanMethods = false)
public class CostQueryConfiguration {
  @Bean
  CostQueries costQueries(
      JdbcClient sql, Cursors cursors, PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    return new CostQueries(new CostTables(sql), cursors, reading);
  }
}
