package io.agentledger.command.quota;

import io.agentledger.store.Topology;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/** The aggregate's own lock serializes what the advisory lock does on several nodes. */
@Import(SingleNodeQuotaIT.Installation.class)
class SingleNodeQuotaIT extends QuotaConcurrencyIT {
  @TestConfiguration
  static class Installation {
    @Bean
    @Primary
    Topology singleNode() {
      return new Topology(true);
    }
  }
}
