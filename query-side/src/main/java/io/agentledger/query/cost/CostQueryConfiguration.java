package io.agentledger.query.cost;

import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Query handlers for costs. */
@Configuration(proxyBeanMethods = false)
public class CostQueryConfiguration {
  @Bean
  CostQueryHandler costQueries(
      JdbcClient sql,
      CursorCodec cursorCodec,
      ProjectionFreshness freshness,
      ObjectProvider<Clock> clock) {
    return new CostQueryHandler(
        new CostReader(sql), cursorCodec, freshness, clock.getIfAvailable(Clock::systemUTC));
  }
}
