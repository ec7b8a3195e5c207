package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Sends requests to the upstream through a circuit breaker that all runs share. While the breaker
 * is closed, failures go to the CLI, which retries them. While it is open, requests wait here
 * instead of being refused, so that no run uses up its CLI's retries; one of them at a time is the
 * probe. Only failures of the API open it: 4xx may be one request's fault, and an overload (529)
 * one model's, for which the CLI may know another. Thread-safe.
 */
final class UpstreamCircuit {
  private static final int FAILURES_IN_A_ROW = 5;
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(2);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);
  private static final int SERVER_ERROR = 500;
  private static final int OVERLOADED = 529;

  private final ModelUpstream upstream;
  private final CircuitBreaker breaker;
  private final OutageTracker outages;
  private final Clock clock;
  private final Duration timeout;
  private volatile String lastFailure = "The model API is not available.";

  UpstreamCircuit(
      ModelUpstream upstream, CircuitBreaker breaker, Clock clock, Duration outageTimeout) {
    this.upstream = upstream;
    this.breaker = breaker;
    this.clock = clock;
    this.timeout = outageTimeout;
    this.outages = new OutageTracker(clock, outageTimeout);
  }

  /** Opens after five failures in a row, and is half-open for one request every two seconds. */
  static CircuitBreaker newBreaker() {
    return CircuitBreaker.of(
        "model",
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(FAILURES_IN_A_ROW)
            .minimumNumberOfCalls(FAILURES_IN_A_ROW)
            .failureRateThreshold(100)
            .slowCallDurationThreshold(Duration.ofDays(1)) // Slow answers do not open the breaker.
            .waitDurationInOpenState(PROBE_INTERVAL)
            .permittedNumberOfCallsInHalfOpenState(1)
            .maxWaitDurationInHalfOpenState(PROBE_TIMEOUT)
            .build());
  }

  Upstream upstream() {
    return upstream.upstream();
  }

  /** Resumes a recorded wait of the run, unless the run has sent a request here before. */
  void resumeWait(String run, Instant since) {
    outages.resume(run, since);
  }

  /** Returns the outage that the run currently waits for. */
  Optional<ModelOutage> findOutage(String run) {
    return outages.findOutage(run);
  }

  /**
   * Sends a request, as soon as the breaker permits it, and hands the answer on.
   *
   * @param run run of the request; without a run, a name of the process
   */
  Mono<Void> send(String run, ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
    return Mono.defer(
        () -> {
          var exchange = new Exchange(run, request, pass);
          outages.requestBegun(run, request.process().processId().value());
          return Mono.defer(exchange::attempt)
              .retryWhen(Retry.from(signals -> signals.concatMap(exchange::delayOf)))
              .doFinally(end -> exchange.endWait());
        });
  }

  /** The API failed while the breaker was not closed: the request may wait for the next probe. */
  static final class UpstreamAwayException extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;

    UpstreamAwayException(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }

  /** One request of a process, over all of its attempts. */
  private final class Exchange {
    private final String run;
    private final ModelRequest request;
    private final Function<ModelResponse, Publisher<Void>> pass;
    private final Instant deadline = clock.instant().plus(timeout);
    private final AtomicBoolean passed = new AtomicBoolean();
    private final AtomicBoolean counted = new AtomicBoolean();
    private final AtomicBoolean held = new AtomicBoolean();
    private final AtomicReference<Instant> lastByteAt = new AtomicReference<>(Instant.EPOCH);

    Exchange(String run, ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
      this.run = run;
      this.request = request;
      this.pass = pass;
    }

    Mono<Void> attempt() {
      if (!breaker.tryAcquirePermission()) {
        outages.failed(run, lastFailure);
        return Mono.error(new UpstreamAwayException(lastFailure));
      }
      counted.set(false);
      long startedNanos = System.nanoTime();
      return upstream
          .send(request, response -> receive(response, startedNanos))
          .onErrorResume(error -> Mono.error(fail(error, startedNanos)))
          .doOnCancel(this::releasePermission);
    }

    private Publisher<Void> receive(ModelResponse response, long startedNanos) {
      if (response.status() < SERVER_ERROR) {
        count(startedNanos, Optional.empty());
        outages.answered(run);
        endWait();
        return pass.apply(
            new ModelResponse(response.status(), response.headers(), watch(response.body())));
      }
      String reason = "The model API answered " + response.status() + ".";
      boolean overloaded = response.status() == OVERLOADED;
      count(startedNanos, overloaded ? Optional.empty() : Optional.of(reason));
      outages.failed(run, reason);
      if (!overloaded && mayWait()) {
        var away = new UpstreamAwayException(reason);
        return response.body().doOnNext(ByteBuf::release).then(Mono.error(away));
      }
      endWait();
      return pass.apply(response);
    }

    private Flux<ByteBuf> watch(Flux<ByteBuf> body) {
      lastByteAt.set(clock.instant());
      return body.doOnNext(chunk -> lastByteAt.set(clock.instant()))
          .doOnError(
              error ->
                  outages.brokeOff(run, UpstreamFailure.from(error).message(), lastByteAt.get()));
    }

    /** Counts an exchange without an answer, and returns the error to pass on. */
    private Throwable fail(Throwable error, long startedNanos) {
      if (passed.get() || error instanceof UpstreamAwayException) return error;
      if (error instanceof TimeoutException) {
        releasePermission(); // The connection pool was exhausted, which is no failure of the API.
        return error;
      }
      String reason = UpstreamFailure.from(error).message();
      count(startedNanos, Optional.of(reason));
      outages.failed(run, reason);
      return mayWait() ? new UpstreamAwayException(reason) : error;
    }

    private boolean mayWait() {
      return breaker.getState() != State.CLOSED && clock.instant().isBefore(deadline);
    }

    Mono<Long> delayOf(Retry.RetrySignal signal) {
      Throwable failure = signal.failure();
      if (!(failure instanceof UpstreamAwayException) || !clock.instant().isBefore(deadline))
        return Mono.error(failure);
      if (held.compareAndSet(false, true)) outages.setHeld(run, true);
      return Mono.delay(CHECK_INTERVAL);
    }

    private void count(long startedNanos, Optional<String> failure) {
      if (!counted.compareAndSet(false, true)) return;
      long nanos = System.nanoTime() - startedNanos;
      if (failure.isPresent()) {
        lastFailure = failure.get();
        breaker.onError(nanos, TimeUnit.NANOSECONDS, new IOException(lastFailure));
      } else {
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
      }
    }

    private void releasePermission() {
      if (counted.compareAndSet(false, true)) breaker.releasePermission();
    }

    void endWait() {
      if (!passed.compareAndSet(false, true)) return;
      outages.requestEnded(run);
      if (held.compareAndSet(true, false)) outages.setHeld(run, false);
    }
  }
}
