package io.agentledger.query.quota;

import io.agentledger.api.quota.StandardLimits;
import io.agentledger.projection.quota.QuotaTables;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.quota.QuotaQueries.Access;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The bean that answers about quotas. */
@Configuration(proxyBeanMethods = false)
public class QuotaQueryConfiguration {
  @Bean
  QuotaQueries quotaQueries(
      QuotaTables tables,
      JdbcClient sql,
      StandardLimits standard,
      Progress progress,
      ObjectProvider<Clock> clock,
      PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    return new QuotaQueries(
        tables,
        new UsageTables(sql, clock.getIfAvailable(Clock::systemUTC)),
        standard,
        new Access(progress, reading));
  }
}
