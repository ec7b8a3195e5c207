package io.agentledger.command.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SystemHealthView.Status;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.model.ModelRequest.Operation;
import io.agentledger.command.model.usage.Cost;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.model.usage.ModelExchange.Phase;
import io.agentledger.command.model.usage.TokenUsage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class UpstreamMonitorTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final UpstreamMonitor upstreamMonitor =
      new UpstreamMonitor(CLOCK, UpstreamCircuit.newBreaker());

  /** Responds with the status, or fails without one. */
  private record ScriptedUpstream(int status) implements ModelUpstream {
    @Override
    public Upstream upstream() {
      return Upstream.ANTHROPIC;
    }

    @Override
    public Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
      if (status == 0) return Mono.error(new IllegalStateException("secret words"));
      return Mono.from(
          pass.apply(new ModelResponse(status, new DefaultHttpHeaders(), Flux.empty())));
    }
  }

  private void send(int status) {
    var request =
        new ModelRequest(
            new ProcessRef(SessionId.next(), ProcessId.next()),
            Operation.MESSAGES,
            "",
            new DefaultHttpHeaders(),
            new byte[0]);
    new MonitoredUpstream(new ScriptedUpstream(status), upstreamMonitor, CLOCK)
        .send(request, modelResponse -> Mono.empty())
        .onErrorResume(fault -> Mono.empty())
        .block();
  }

  private static ModelExchange exchange(String id, String model, Cost.Basis basis) {
    return new ModelExchange(
        Phase.FINAL,
        id,
        "ses",
        "run",
        "prc",
        "anthropic",
        false,
        model,
        "msg",
        NOW.minusMillis(1500),
        NOW,
        new TokenUsage(10, 20, 0, 0, 0, 0, 0, false),
        new Cost(2_000_000_000L, basis, "table"),
        false,
        "end_turn");
  }

  @Test
  void reportsUpWithoutAnyExchange() {
    assertThat(upstreamMonitor.check().status()).isEqualTo(Status.UP);
  }

  @Test
  void oneFailureIsANoteThreeInARowAreAnOutageAndASuccessEndsIt() {
    send(200);
    assertThat(upstreamMonitor.check().status()).isEqualTo(Status.UP);
    send(529);
    assertThat(upstreamMonitor.check().status()).isEqualTo(Status.DEGRADED);
    assertThat(upstreamMonitor.check().details()).containsEntry("last_failure", "529");
    send(0);
    send(0);
    assertThat(upstreamMonitor.check().status()).isEqualTo(Status.DOWN);
    assertThat(upstreamMonitor.check().details())
        .containsEntry("last_failure", "IllegalStateException")
        .containsEntry("upstream", "anthropic");
    assertThat(upstreamMonitor.check().toString()).doesNotContain("secret words");
    upstreamMonitor.recordExchange(exchange("exc_1", "m", Cost.Basis.LISTED));
    assertThat(upstreamMonitor.check().status()).isEqualTo(Status.UP);
    assertThat(upstreamMonitor.check().details()).containsEntry("last_latency_ms", 1500L);
  }

  @Test
  void keepsTheTimesOfTheLatestExchangesOnly() {
    for (int i = 0; i < 3_000; i++)
      upstreamMonitor.recordExchange(exchange("exc_" + i, "m", Cost.Basis.LISTED));
    assertThat(upstreamMonitor.findSpan("exc_2999"))
        .hasValue(new UpstreamMonitor.Span(NOW.minusMillis(1500), NOW));
    assertThat(upstreamMonitor.findSpan("exc_0")).isEmpty();
  }

  @Test
  void tokensCostAndLatencyAreCountedByModelAndUnknownModelsAsOne() {
    var meters = new SimpleMeterRegistry();
    new ModelMeters(upstreamMonitor).bindTo(meters);
    upstreamMonitor.recordExchange(exchange("exc_1", "claude", Cost.Basis.LISTED));
    upstreamMonitor.recordExchange(
        exchange("exc_2", "whatever-somebody-sent", Cost.Basis.FALLBACK));
    send(500);

    assertThat(
            meters
                .get("agentledger.model.cost")
                .tag("gen_ai.response.model", "claude")
                .counter()
                .count())
        .isEqualTo(2.0);
    var other = meters.get("gen_ai.client.token.usage").tag("gen_ai.response.model", "other");
    assertThat(other.tag("gen_ai.token.type", "output").summary().totalAmount()).isEqualTo(20);
    assertThat(meters.get("gen_ai.client.operation.duration").tag("error.type", "none").timers())
        .allMatch(timer -> timer.max(java.util.concurrent.TimeUnit.MILLISECONDS) == 1500);
    assertThat(
            meters.get("gen_ai.client.operation.duration").tag("error.type", "500").timer().count())
        .isOne();
  }

  @Test
  void numberOfModelTagsIsBounded() {
    var meters = new SimpleMeterRegistry();
    new ModelMeters(upstreamMonitor).bindTo(meters);
    for (int i = 0; i < 200; i++)
      upstreamMonitor.recordExchange(exchange("exc_" + i, "claude-" + i, Cost.Basis.LISTED));
    assertThat(meters.get("agentledger.model.cost").counters()).hasSize(41);
  }

  @Test
  void failedExchangesAreTimed() {
    var failure = new UpstreamMonitor.Failure[1];
    upstreamMonitor.addFailureListener(received -> failure[0] = received);
    send(503);
    assertThat(failure[0])
        .isEqualTo(new UpstreamMonitor.Failure(Upstream.ANTHROPIC, "503", Duration.ZERO));
  }
}
