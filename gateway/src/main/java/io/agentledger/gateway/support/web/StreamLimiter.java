package io.agentledger.gateway.support.web;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Limits the streams and downloads that a user has open on this node, and ends streams when the
 * node stops. Thread-safe.
 */
@Component
public final class StreamLimiter implements SmartLifecycle {
  private final Map<Key, Integer> open = new ConcurrentHashMap<>();
  private final Sinks.Empty<Void> shutdown = Sinks.empty();
  private volatile boolean running;

  /** Streams of one type of a user. */
  private record Key(String type, UserId user) {}

  /**
   * Returns the stream, which is rejected while the user has {@code max} of its type.
   *
   * @param type plural in snake case, as in {@link TooMany}
   */
  public <T> Flux<T> limit(Flux<T> stream, String type, UserId user, int max) {
    var key = new Key(type, user);
    return Flux.defer(
        () -> {
          open(key, max);
          return stream.takeUntilOther(shutdown.asMono()).doFinally(signal -> release(key));
        });
  }

  /**
   * Counts a download until its request has ended; rejected while the user has {@code max} of its
   * type.
   *
   * @param type plural in snake case, as in {@link TooMany}
   */
  public Mono<Void> count(RequestResources resources, String type, UserId user, int max) {
    var key = new Key(type, user);
    return resources
        .open(() -> CompletableFuture.completedFuture(open(key, max)), this::release)
        .then();
  }

  private Key open(Key key, int max) {
    if (open.merge(key, 1, Integer::sum) > max) {
      release(key);
      throw new RejectionException(new TooMany(key.type(), max));
    }
    return key;
  }

  private void release(Key key) {
    open.computeIfPresent(key, (released, count) -> count == 1 ? null : count - 1);
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    shutdown.tryEmitEmpty();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
