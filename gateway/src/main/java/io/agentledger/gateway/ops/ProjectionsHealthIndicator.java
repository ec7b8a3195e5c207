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
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final MessageGateway messageGateway;

  ProjectionsHealthIndicator(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @Override
  public Mono<Health> health() {
    return messageGateway
        .queryListAsSystem(new ListProjections(), ProjectionView.class)
        .map(projections -> projections.stream().allMatch(ProjectionView::running))
        .timeout(TIMEOUT)
        .map(running -> (running ? Health.up() : Health.down()).build())
        .onErrorResume(failure -> Mono.just(Health.down(failure).build()));
  }
}
