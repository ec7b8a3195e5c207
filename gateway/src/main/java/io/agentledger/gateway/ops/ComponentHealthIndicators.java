package io.agentledger.gateway.ops;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.Status;
import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Parts of the service without which it is not ready, as health indicators of Spring Boot. */
@Configuration(proxyBeanMethods = false)
class ComponentHealthIndicators {
  /** Takes the place of Spring Boot's, which waits for the database as long as statements may. */
  @Bean
  HealthIndicator dbHealthIndicator(List<HealthCheck> healthChecks) {
    return new ComponentHealthIndicator(healthChecks, "database");
  }

  /** Reports DOWN when the disk is full: nothing that is accepted could be kept. */
  @Bean
  HealthIndicator diskHealthIndicator(List<HealthCheck> healthChecks) {
    return new ComponentHealthIndicator(healthChecks, "disk");
  }

  /** Reports DOWN when the part is, or cannot be looked at. */
  private static final class ComponentHealthIndicator extends AbstractHealthIndicator {
    private final List<HealthCheck> healthChecks;

    ComponentHealthIndicator(List<HealthCheck> healthChecks, String component) {
      this.healthChecks =
          healthChecks.stream().filter(check -> check.name().equals(component)).toList();
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws Exception {
      builder.up();
      for (HealthCheck healthCheck : healthChecks)
        if (healthCheck.check().status() == Status.DOWN) builder.down();
    }
  }
}
