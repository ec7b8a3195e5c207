package io.agentledger.query.quota;

import io.agentledger.api.quota.StandardLimits;
import io.agentledger.projection.quota.QuotaTables;
import io.agentledger.query.support.Reading;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The bean that answers about quotas. */
@Configuration(proxyBeanMethods = false)
public class QuotaQueryConfiguration {
  @Bean
  QuotaQueries quotaQueries(
      QuotaTables tables,
      JdbcClient sql,
      StandardLimits standard,
      ObjectProvider<Clock> clock,
      Reading reading) {
    var usage = new UsageTables(sql, clock.getIfAvailable(Clock::systemUTC));
    return new QuotaQueries(tables, usage, standard, reading);
  }
}
