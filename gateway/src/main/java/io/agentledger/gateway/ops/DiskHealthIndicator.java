package io.agentledger.gateway.ops;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.api.ops.SystemHealthView.Status;
import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Reports DOWN when the disk of the home is full: nothing that is accepted could be kept. */
@Component("diskHealthIndicator")
class DiskHealthIndicator extends AbstractHealthIndicator {
  private final List<HealthCheck> disks;

  DiskHealthIndicator(List<HealthCheck> healthChecks) {
    this.disks = healthChecks.stream().filter(check -> check.name().equals("disk")).toList();
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) throws Exception {
    builder.up();
    for (HealthCheck disk : disks) {
      ComponentHealth health = disk.check();
      if (health.status() == Status.DOWN) builder.down();
    }
  }
}
