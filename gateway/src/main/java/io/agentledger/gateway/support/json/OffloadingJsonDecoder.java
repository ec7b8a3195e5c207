package io.agentledger.gateway.support.json;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.util.MimeType;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON of bodies: large ones on virtual threads, of which no more run at once than there
 * are processors. An event loop has other connections to serve, and gets what was read back.
 */
final class OffloadingJsonDecoder extends JacksonJsonDecoder {
  /** From here on a body is large: reading it takes longer than handing it over. */
  static final int LARGE_BYTES = 64 * 1024;

  private final Scheduler scheduler =
      Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor(), "json-decoder");

  OffloadingJsonDecoder(JsonMapper mapper) {
    super(mapper, MediaType.APPLICATION_JSON);
  }

  @Override
  public Mono<Object> decodeToMono(
      Publisher<DataBuffer> input,
      ResolvableType type,
      @Nullable MimeType mime,
      @Nullable Map<String, Object> hints) {
    return DataBufferUtils.join(input, getMaxInMemorySize())
        .flatMap(
            body ->
                body.readableByteCount() < LARGE_BYTES
                    ? Mono.justOrEmpty(decode(body, type, mime, hints))
                    : decodeOnVirtualThread(body, type, mime, hints));
  }

  /** A parser finds out by itself which Unicode it has before it, and takes all of them. */
  @Override
  public Object decode(
      DataBuffer body,
      ResolvableType type,
      @Nullable MimeType mime,
      @Nullable Map<String, Object> hints) {
    var bytes = Utf8Text.bytes(body);
    if (!Utf8Text.isJsonIn(bytes)) {
      DataBufferUtils.release(body);
      throw InvalidRequestException.body("", "must be UTF-8");
    }
    return super.decode(body, type, mime, hints);
  }

  /** A body is released once: by whoever reads it, or by whoever finds that nobody will. */
  private Mono<Object> decodeOnVirtualThread(
      DataBuffer body,
      ResolvableType type,
      @Nullable MimeType mime,
      @Nullable Map<String, Object> hints) {
    var loop = ThreadExecutorMap.currentExecutor();
    var claimed = new AtomicBoolean();
    Mono<Object> decoded =
        Mono.defer(
                () ->
                    claimed.compareAndSet(false, true)
                        ? Mono.justOrEmpty(decode(body, type, mime, hints))
                        : Mono.empty())
            .subscribeOn(scheduler)
            .doOnCancel(
                () -> {
                  if (claimed.compareAndSet(false, true)) DataBufferUtils.release(body);
                });
    return loop == null ? decoded : decoded.publishOn(Schedulers.fromExecutor(loop));
  }
}
