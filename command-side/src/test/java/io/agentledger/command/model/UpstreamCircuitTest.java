package io.agentledger.command.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.model.ModelRequest.Operation;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class UpstreamCircuitTest {
  private static final ConnectException REFUSED = new ConnectException("refused");
  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final CircuitBreaker breaker = UpstreamCircuit.newBreaker();
  private final UpstreamCircuit circuit =
      new UpstreamCircuit(upstream, breaker, Clock.systemUTC(), Duration.ofSeconds(20));

  /** Responds with its status; without one it fails, or never responds. */
  private static final class ScriptedUpstream implements ModelUpstream {
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status;
    private volatile Mono<Void> failure = Mono.error(REFUSED);

    @Override
    public Upstream upstream() {
      return Upstream.ANTHROPIC;
    }

    @Override
    public Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
      requests.incrementAndGet();
      if (status == 0) return failure;
      return Mono.from(
          pass.apply(new ModelResponse(status, new DefaultHttpHeaders(), Flux.empty())));
    }
  }

  /** Returns the result that the CLI of the run gets: a status, or a failure. */
  private CompletableFuture<Integer> send(String run) {
    return send(run, ProcessId.next());
  }

  private CompletableFuture<Integer> send(String run, ProcessId process) {
    var status = new AtomicInteger();
    var request =
        new ModelRequest(
            new ProcessRef(SessionId.next(), process),
            Operation.MESSAGES,
            "",
            new DefaultHttpHeaders(),
            new byte[0]);
    return circuit
        .send(
            run,
            request,
            response -> {
              status.set(response.status());
              return Mono.empty();
            })
        .then(Mono.fromSupplier(status::get))
        .toFuture();
  }

  private String reasonOf(String run) {
    return circuit.findOutage(run).map(ModelOutage::reason).orElse("");
  }

  @Test
  void failuresGoToTheCliUntilTheyAreSoManyThenRequestsWaitForTheUpstream() {
    for (int i = 0; i < 4; i++) assertThat(send("run_a")).failsWithin(Duration.ofSeconds(1));
    CompletableFuture<Integer> held = send("run_a");
    CompletableFuture<Integer> other = send("run_b");
    await().until(() -> breaker.getState() == State.OPEN);
    assertThat(circuit.findOutage("run_b"))
        .hasValueSatisfying(outage -> assertThat(outage.held()).isTrue());
    assertThat(reasonOf("run_b")).isEqualTo("The model API refused the connection.");

    upstream.status = 200;

    assertThat(held).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(200);
    assertThat(other).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(200);
    assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    assertThat(circuit.findOutage("run_a")).isEmpty();
  }

  @Test
  void oneRequestAtATimeProbesAnUpstreamThatIsAway() {
    for (int i = 0; i < 5; i++) send("run_a");
    await().until(() -> breaker.getState() == State.OPEN);
    int before = upstream.requests.get();
    for (int i = 0; i < 20; i++) send("run_" + i);
    await().atMost(Duration.ofSeconds(5)).until(() -> upstream.requests.get() > before);
    assertThat(upstream.requests.get()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 429, 529})
  void clientErrorsAndOverloadsDoNotOpenTheCircuit(int status) {
    upstream.status = status;
    for (int i = 0; i < 10; i++)
      assertThat(send("run_a")).succeedsWithin(Duration.ofSeconds(1)).isEqualTo(status);
    assertThat(breaker.getState()).isEqualTo(State.CLOSED);
  }

  @Test
  void reasonDescribesTheResponseOfTheApi() {
    assertThat(send("run_a")).failsWithin(Duration.ofSeconds(1));
    assertThat(reasonOf("run_a")).isEqualTo("The model API refused the connection.");
    upstream.failure = Mono.error(new UnknownHostException("x.example"));
    assertThat(send("run_a")).failsWithin(Duration.ofSeconds(1));
    assertThat(reasonOf("run_a")).isEqualTo("The host name of the model API has no address.");
    upstream.status = 502;
    assertThat(send("run_a")).succeedsWithin(Duration.ofSeconds(1)).isEqualTo(502);
    assertThat(reasonOf("run_a")).isEqualTo("The model API answered 502.");
  }

  @Test
  void outageThatWasRecordedBeforeARestartGoesOnWithTheFirstFailure() {
    Instant recordedAt = Instant.now().minusSeconds(60);
    circuit.resumeWait("run_a", recordedAt);
    assertThat(circuit.findOutage("run_a")).isEmpty();
    assertThat(send("run_a")).failsWithin(Duration.ofSeconds(1));
    ModelOutage outage = circuit.findOutage("run_a").orElseThrow();
    assertThat(outage.since()).isEqualTo(recordedAt);
    assertThat(outage.isTooLong(Instant.now())).isTrue();
    assertThat(outage.reason()).isEqualTo("The model API refused the connection.");

    upstream.status = 200;
    assertThat(send("run_a")).succeedsWithin(Duration.ofSeconds(5));
    circuit.resumeWait("run_a", recordedAt); // The circuit has a newer request.
    upstream.status = 502;
    send("run_a");
    assertThat(circuit.findOutage("run_a").orElseThrow().since()).isAfter(recordedAt);
  }

  @Test
  void outageOfARunLastsOverItsAttemptsAndEndsWithAnAnswer() {
    Instant begunAt = Instant.now();
    assertThat(send("run_a")).failsWithin(Duration.ofSeconds(1));
    Instant since = circuit.findOutage("run_a").orElseThrow().since();
    assertThat(since).isBetween(begunAt, Instant.now());

    assertThat(send("run_a", ProcessId.next())).failsWithin(Duration.ofSeconds(1));
    assertThat(circuit.findOutage("run_a").orElseThrow().since()).isEqualTo(since);
    assertThat(circuit.findOutage("run_b")).isEmpty();

    upstream.status = 429;
    assertThat(send("run_a")).succeedsWithin(Duration.ofSeconds(1));
    assertThat(circuit.findOutage("run_a")).isEmpty();
  }
}
