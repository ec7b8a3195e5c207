package io.agentledger.gateway.ops;

import io.agentledger.api.ops.OpsQuery.ListProjections;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reports UP when all projections are running. */
@Component("projectionsHealthIndicator")
class ProjectionsHealthIndicator implements ReactiveHealthIndicator {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final MessageGateway messageGateway;

  ProjectionsHealthIndicator(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @Override
  public Mono<Health> health() {
    return Mono.fromFuture(
        () ->
            messageGateway
                .queryListAsSystem(new ListProjections(), ProjectionView.class)
                .map(projections -> projections.stream().allMatch(ProjectionView::running))
                .map(running -> (running ? Health.up() : Health.down()).build())
                .onErrorResume(failure -> Mono.just(Health.down(failure).build()))
                // The check is not cancelled, because its failure would be logged as an error of
                // the service.
                .toFuture()
                .completeOnTimeout(
                    Health.down().build(), TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
  }
}
