package io.agentledger.query.quota;

import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.projection.quota.QuotaRepositories;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.ReadModelAccess;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Query handlers for quotas. */
@Configuration(proxyBeanMethods = false)
public class QuotaQueryConfiguration {
  @Bean
  QuotaQueryHandler quotaQueries(
      QuotaRepositories quotaRepositories,
      JdbcClient sql,
      DefaultLimits defaultLimits,
      ObjectProvider<Clock> clock,
      ReadModelAccess readModelAccess,
      ProjectionFreshness freshness) {
    var usage = new UsageReader(sql, clock.getIfAvailable(Clock::systemUTC));
    return new QuotaQueryHandler(
        quotaRepositories, usage, defaultLimits, readModelAccess, freshness);
  }
}
