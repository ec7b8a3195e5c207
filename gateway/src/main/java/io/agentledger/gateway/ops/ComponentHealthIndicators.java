package io.agentledger.gateway.ops;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.Status;
import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health indicators of the components that the service needs to be ready. */
@Configuration(proxyBeanMethods = false)
class ComponentHealthIndicators {
  /**
   * Replaces Spring Boot's indicator, which waits for the database as long as statements may take.
   */
  @Bean
  HealthIndicator dbHealthIndicator(List<HealthCheck> healthChecks) {
    return new ComponentHealthIndicator(healthChecks, "database");
  }

  /** Reports DOWN when the disk is full, because accepted requests could not be stored. */
  @Bean
  HealthIndicator diskHealthIndicator(List<HealthCheck> healthChecks) {
    return new ComponentHealthIndicator(healthChecks, "disk");
  }

  /** Reports DOWN when the component is down, or its check fails. */
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
