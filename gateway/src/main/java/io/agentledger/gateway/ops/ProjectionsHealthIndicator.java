package io.agentledger.gateway.ops;

import io.agentledger.api.ops.OpsQuery.ListProjections;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Ready is who can show what happens: every projection runs. */
@Component("projectionsHealthIndicator")
class ProjectionsHealthIndicator implements ReactiveHealthIndicator {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final MessageGateway bus;

  ProjectionsHealthIndicator(MessageGateway bus) {
    this.bus = bus;
  }

  @Override
  public Mono<Health> health() {
    return bus.askAllForTheHouse(new ListProjections(), ProjectionView.class)
        .map(all -> all.stream().allMatch(ProjectionView::running))
        .timeout(PATIENCE)
        .map(running -> (running ? Health.up() : Health.down()).build())
        .onErrorResume(failure -> Mono.just(Health.down(failure).build()));
  }
}
