package io.agentledger.gateway.trigger;

import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.trigger.WebhookRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Bodies of webhooks in memory. What has arrived counts, not what a sender declares; one source
 * address has at most a quarter of a limit, and one trigger or channel a quarter of that of large
 * bodies. Senders are not verified before their body has arrived, so nobody may keep others out: if
 * a limit is reached, an unfinished body of the address that holds most gives way to one of an
 * address that holds less. Small bodies have a limit of their own. Thread-safe.
 */
final class WebhookBodies {
  /** Size of the largest body that is small. */
  private static final int SMALL_BYTES_MAX = 1024 * 1024;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** A sender that is slower holds memory for too long. */
  private static final Duration READ_MAX = Duration.ofSeconds(60);

  private static final Duration SMALL_READ_MAX = Duration.ofSeconds(10);

  /** Longest time in which nothing of a body arrives. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

  private final Pool large = new Pool(4L * WebhookRequest.BODY_BYTES_MAX);
  private final Pool small = new Pool(32L * SMALL_BYTES_MAX);

  /**
   * Reads the body of a request, and keeps it until the operation on it has ended.
   *
   * @param source address of the sender
   * @param address of the trigger or the channel
   * @param limit maximum number of bytes
   */
  <R> Mono<R> read(
      ServerHttpRequest request,
      String source,
      Object address,
      int limit,
      Function<byte[], Mono<R>> operation) {
    long declared = request.getHeaders().getContentLength();
    if (declared > limit)
      return Mono.error(new DataBufferLimitException("the body exceeds its limit"));
    boolean isSmall = declared >= 0 && declared <= SMALL_BYTES_MAX;
    return Mono.defer(
        () -> {
          var body =
              isSmall ? small.new Body(List.of(source)) : large.new Body(List.of(source, address));
          var arriving =
              request
                  .getBody()
                  .timeout(SILENCE_MAX, busy())
                  .<DataBuffer>handle(
                      (buffer, sink) -> {
                        if (body.tryAdd(buffer.readableByteCount())) {
                          sink.next(buffer);
                          return;
                        }
                        DataBufferUtils.release(buffer);
                        sink.error(new RejectionException(new Busy(RETRY_AFTER)));
                      });
          return Mono.firstWithSignal(
                  DataBufferUtils.join(arriving, limit)
                      .timeout(isSmall ? SMALL_READ_MAX : READ_MAX, busy())
                      .map(WebhookBodies::toBytes)
                      .defaultIfEmpty(new byte[0])
                      .doOnNext(complete -> body.complete()),
                  body.evicted().then(busy()))
              .flatMap(operation)
              .doFinally(signal -> body.remove());
        });
  }

  private static <T> Mono<T> busy() {
    return Mono.error(() -> new RejectionException(new Busy(RETRY_AFTER)));
  }

  private static byte[] toBytes(DataBuffer buffer) {
    var bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return bytes;
  }

  /** Limit of bodies in memory at the same time. */
  static final class Pool {
    private final long totalMax;
    private final Map<Object, Long> shares = new HashMap<>();

    /** Bodies that have not arrived yet, the oldest first. */
    private final Set<Body> arriving = new LinkedHashSet<>();

    private long total;

    Pool(long totalMax) {
      this.totalMax = totalMax;
    }

    /** Part of a body that has arrived. */
    final class Body {
      private final List<Object> owners;
      private final Sinks.Empty<Void> eviction = Sinks.empty();
      private long size;
      private boolean removed;

      /**
       * @param owners of which each has a share of the limit; the first is the address of the
       *     sender
       */
      Body(List<Object> owners) {
        this.owners = owners;
      }

      /** Counts bytes; returns false if they exceed a limit and no other body gives way. */
      boolean tryAdd(long bytes) {
        var evicted = new ArrayList<Body>();
        boolean isAdded;
        synchronized (shares) {
          isAdded = !removed && hasRoom(bytes, evicted);
          if (isAdded) {
            add(bytes);
            arriving.add(this);
          }
        }
        for (var body : evicted) body.eviction.tryEmitEmpty();
        return isAdded;
      }

      private boolean hasRoom(long bytes, List<Body> evicted) {
        if (share() + bytes > totalMax / 4) return false;
        for (var owner : owners)
          while (shares.getOrDefault(owner, 0L) + bytes > totalMax / 4)
            if (!evict(body -> body.owners.contains(owner), bytes, evicted)) return false;
        while (total + bytes > totalMax) if (!evict(body -> true, bytes, evicted)) return false;
        return true;
      }

      /** Evicts a body of the sender that holds most, and more than this sender would. */
      private boolean evict(Predicate<Body> candidates, long bytes, List<Body> evicted) {
        Body largest = null;
        for (var body : arriving)
          if (candidates.test(body) && (largest == null || body.share() > largest.share()))
            largest = body;
        if (largest == null || largest.share() <= share() + bytes) return false;
        largest.remove();
        evicted.add(largest);
        return true;
      }

      private long share() {
        return shares.getOrDefault(owners.getFirst(), 0L);
      }

      /** Completes when the body has given way to another one. */
      Mono<Void> evicted() {
        return eviction.asMono();
      }

      /** Records that the body has arrived, so that it does not give way any more. */
      void complete() {
        synchronized (shares) {
          arriving.remove(this);
        }
      }

      /** Ends the count of this body. */
      void remove() {
        synchronized (shares) {
          arriving.remove(this);
          if (!removed) add(-size);
          removed = true;
        }
      }

      private void add(long bytes) {
        total += bytes;
        size += bytes;
        for (var owner : owners)
          shares.compute(
              owner,
              (key, known) -> {
                long sum = (known == null ? 0 : known) + bytes;
                return sum == 0 ? null : sum;
              });
      }
    }
  }
}
