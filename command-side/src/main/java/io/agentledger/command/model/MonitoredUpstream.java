package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import io.agentledger.command.model.UpstreamMonitor.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Decorates an upstream to report its failures; responses are passed on unchanged. */
final class MonitoredUpstream implements ModelUpstream {
  private static final int ERROR_FROM = 400;

  private final ModelUpstream upstream;
  private final UpstreamMonitor upstreamMonitor;
  private final Clock clock;

  MonitoredUpstream(ModelUpstream upstream, UpstreamMonitor upstreamMonitor, Clock clock) {
    this.upstream = upstream;
    this.upstreamMonitor = upstreamMonitor;
    this.clock = clock;
    upstreamMonitor.setUpstream(upstream.upstream());
  }

  @Override
  public Upstream upstream() {
    return upstream.upstream();
  }

  @Override
  public Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
    return Mono.defer(
        () -> {
          Instant startedAt = clock.instant();
          var status = new AtomicInteger();
          return upstream
              .send(
                  request,
                  modelResponse -> {
                    status.set(modelResponse.status());
                    return pass.apply(modelResponse);
                  })
              .doOnSuccess(
                  done -> {
                    if (status.get() >= ERROR_FROM)
                      recordFailure(startedAt, Integer.toString(status.get()));
                  })
              .doOnError(
                  fault ->
                      recordFailure(
                          startedAt,
                          status.get() >= ERROR_FROM
                              ? Integer.toString(status.get())
                              : fault.getClass().getSimpleName()));
        });
  }

  private void recordFailure(Instant startedAt, String kind) {
    upstreamMonitor.recordFailure(
        new Failure(upstream(), kind, Duration.between(startedAt, clock.instant())));
  }
}
