package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.store.support.BoundedMap;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Monitors the upstream by this node's exchanges, without sending its own requests. It keeps the
 * times of the latest exchanges.
 */
public final class UpstreamMonitor implements HealthCheck {
  private static final int REMEMBERED_MAX = 2_000;

  /**
   * Number of consecutive failures after which the upstream is unhealthy; fewer may be caused by
   * single requests.
   */
  private static final int FAILURES_IN_A_ROW = 3;

  private static final String KEY_REFUSED = "401";

  private final Clock clock;
  private final CircuitBreaker circuitBreaker;
  private final List<Consumer<ModelExchange>> exchangeListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Failure>> failureListeners = new CopyOnWriteArrayList<>();
  private final Map<String, Span> spans = BoundedMap.insertionOrdered(REMEMBERED_MAX);
  private @Nullable Instant lastSuccess;
  private @Nullable Duration lastLatency;
  private @Nullable Instant lastFailure;
  private String lastFailureKind = "";
  private int failuresInARow;
  private volatile String upstream = "unknown";

  public UpstreamMonitor(Clock clock, CircuitBreaker circuitBreaker) {
    this.clock = clock;
    this.circuitBreaker = circuitBreaker;
  }

  /** Returns whether requests wait until the upstream is available, or for a probe's response. */
  boolean isCircuitOpen() {
    return circuitBreaker.getState() != CircuitBreaker.State.CLOSED;
  }

  /** Start and end of an exchange. */
  public record Span(Instant from, Instant to) {}

  /**
   * An exchange without an answer.
   *
   * @param errorType status of the response, or kind of error; never content
   */
  public record Failure(Upstream upstream, String errorType, Duration duration) {}

  /** Listeners run on the exchange's thread, before its last bytes go on: they must not block. */
  public void addExchangeListener(Consumer<ModelExchange> listener) {
    exchangeListeners.add(listener);
  }

  public void addFailureListener(Consumer<Failure> listener) {
    failureListeners.add(listener);
  }

  /** Returns the times of an exchange of this node, if it is one of the latest. */
  public Optional<Span> findSpan(String exchangeId) {
    synchronized (spans) {
      return Optional.ofNullable(spans.get(exchangeId));
    }
  }

  /** Sets the kind of the monitored upstream. */
  void setUpstream(Upstream kind) {
    upstream = kind.name().toLowerCase(Locale.ROOT);
  }

  /** Records an exchange that has ended or was interrupted. */
  void recordExchange(ModelExchange exchange) {
    synchronized (spans) {
      spans.put(exchange.exchangeId(), new Span(exchange.startedAt(), exchange.recordedAt()));
    }
    synchronized (this) {
      lastLatency = Duration.between(exchange.startedAt(), exchange.recordedAt());
      if (exchange.phase() == ModelExchange.Phase.FINAL) {
        lastSuccess = exchange.recordedAt();
        failuresInARow = 0;
      }
    }
    exchangeListeners.forEach(listener -> listener.accept(exchange));
  }

  void recordFailure(Failure failure) {
    synchronized (this) {
      lastFailure = clock.instant();
      lastFailureKind = failure.errorType();
      failuresInARow++;
    }
    failureListeners.forEach(listener -> listener.accept(failure));
  }

  @Override
  public String name() {
    return "model";
  }

  @Override
  public synchronized ComponentHealth check() {
    var details = new LinkedHashMap<String, Object>();
    details.put("upstream", upstream);
    if (lastSuccess != null) details.put("last_success_at", lastSuccess);
    if (lastLatency != null) details.put("last_latency_ms", lastLatency.toMillis());
    if (lastFailure != null) {
      details.put("last_failure_at", lastFailure);
      details.put("last_failure", lastFailureKind);
    }
    details.put("failures_in_a_row", failuresInARow);
    details.put("circuit", circuitBreaker.getState().name().toLowerCase(Locale.ROOT));
    if (failuresInARow > 0 && lastFailureKind.equals(KEY_REFUSED))
      return ComponentHealth.down(
          name(),
          "The model API refuses the service's key. Set a valid ANTHROPIC_API_KEY and restart.",
          details);
    if (failuresInARow >= FAILURES_IN_A_ROW)
      return ComponentHealth.down(
          name(), "The model API fails repeatedly; requests wait until it is available.", details);
    if (failuresInARow > 0)
      return ComponentHealth.degraded(name(), "The last exchange with the model failed.", details);
    var message =
        lastSuccess == null ? "There was no exchange with a model yet." : "The model API answers.";
    return ComponentHealth.up(name(), message, details);
  }
}
