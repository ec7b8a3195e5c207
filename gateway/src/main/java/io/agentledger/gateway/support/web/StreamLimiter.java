package io.agentledger.gateway.support.web;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Limits the streams that a user has open on this node, and ends them when the node stops.
 * Thread-safe.
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
          if (open.merge(key, 1, Integer::sum) > max) {
            release(key);
            return Flux.error(new RejectionException(new TooMany(type, max)));
          }
          return stream.takeUntilOther(shutdown.asMono()).doFinally(signal -> release(key));
        });
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
