package io.agentledger.gateway.trigger;

import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.trigger.WebhookReceiver.WebhookAddress;
import io.agentledger.api.trigger.WebhookRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Bodies of webhooks in memory. What has arrived counts, not what a sender declares; one source
 * address and one trigger have at most a quarter of the limit. Thread-safe.
 */
final class WebhookBodies {
  /** Limit of all bodies in memory at the same time. */
  private static final long TOTAL_MAX = 4L * WebhookRequest.BODY_BYTES_MAX;

  private static final long SHARE_MAX = TOTAL_MAX / 4;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** A sender that is slower holds memory for too long. */
  private static final Duration READ_MAX = Duration.ofSeconds(60);

  private final Map<Object, Long> shares = new HashMap<>();
  private long total;

  /**
   * Reads the body of a request, and keeps it until the operation on it has ended.
   *
   * @param source address of the sender
   * @param limit maximum number of bytes
   */
  <R> Mono<R> read(
      ServerHttpRequest request,
      String source,
      WebhookAddress trigger,
      int limit,
      Function<byte[], Mono<R>> operation) {
    if (request.getHeaders().getContentLength() > limit)
      return Mono.error(new DataBufferLimitException("the body exceeds its limit"));
    return Mono.defer(
        () -> {
          var body = new Body(List.of(source, trigger));
          var arriving =
              request
                  .getBody()
                  .<DataBuffer>handle(
                      (buffer, sink) -> {
                        if (body.tryAdd(buffer.readableByteCount())) {
                          sink.next(buffer);
                          return;
                        }
                        DataBufferUtils.release(buffer);
                        sink.error(new RejectionException(new Busy(RETRY_AFTER)));
                      });
          return DataBufferUtils.join(arriving, limit)
              .timeout(READ_MAX, Mono.error(() -> new RejectionException(new Busy(RETRY_AFTER))))
              .map(WebhookBodies::toBytes)
              .defaultIfEmpty(new byte[0])
              .flatMap(operation)
              .doFinally(signal -> body.remove());
        });
  }

  private static byte[] toBytes(DataBuffer buffer) {
    var bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return bytes;
  }

  /** Part of a body that has arrived. */
  final class Body {
    private final List<Object> owners;
    private long size;
    private boolean removed;

    /**
     * @param owners of which each has a share of the limit
     */
    Body(List<Object> owners) {
      this.owners = owners;
    }

    /** Counts bytes; returns false if they exceed a limit. */
    boolean tryAdd(long bytes) {
      synchronized (shares) {
        if (removed || total + bytes > TOTAL_MAX) return false;
        for (var owner : owners)
          if (shares.getOrDefault(owner, 0L) + bytes > SHARE_MAX) return false;
        add(bytes);
        return true;
      }
    }

    /** Ends the count of this body. */
    void remove() {
      synchronized (shares) {
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
