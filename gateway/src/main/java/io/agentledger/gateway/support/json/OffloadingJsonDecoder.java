package io.agentledger.gateway.support.json;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.netty.util.internal.ThreadExecutorMap;
import jakarta.validation.Validator;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.util.MimeType;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes the JSON of bodies. Large bodies are decoded on virtual threads, at most as many at once
 * as there are processors, so that they do not block an event loop.
 */
final class OffloadingJsonDecoder extends JacksonJsonDecoder {
  /** Size from which a body is large: decoding it takes longer than a change of threads. */
  static final int LARGE_BYTES = 64 * 1024;

  private final Scheduler scheduler =
      Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor(), "json-decoder");

  private final BodyViolations violations;

  OffloadingJsonDecoder(JsonMapper mapper, Validator validator) {
    super(mapper, MediaType.APPLICATION_JSON);
    violations = new BodyViolations(mapper, validator);
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

  /**
   * Checks the encoding first, because the parser detects and accepts every encoding of Unicode.
   *
   * @throws InvalidRequestException with all violations; for a large body, with the first one
   */
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
    try {
      return super.decode(body, type, mime, hints);
    } catch (DecodingException exception) {
      if (exception.getCause() instanceof MismatchedInputException mismatch
          && bytes.limit() < LARGE_BYTES)
        throw new InvalidRequestException(
            violations.find(mismatch, bytes.array(), getMapper().constructType(type.getType())));
      throw exception;
    }
  }

  /**
   * Decodes on a virtual thread. The body is released exactly once: by the decoder, or on
   * cancellation.
   */
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
