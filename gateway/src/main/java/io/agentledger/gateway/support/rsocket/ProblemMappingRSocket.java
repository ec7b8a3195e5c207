package io.agentledger.gateway.support.rsocket;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.DeniedRequestRecorder;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.web.RequestIdFilter;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.RSocketErrorException;
import io.rsocket.exceptions.ApplicationErrorException;
import io.rsocket.util.RSocketProxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Converts failures on RSocket to application errors whose data is the problem's JSON. One for each
 * connection; it also limits the concurrent requests of the connection, and writes a log line for
 * each request when it has ended.
 */
final class ProblemMappingRSocket extends RSocketProxy {
  private static final int REQUESTS_MAX = 256;

  private final WireJson json;
  private final DeniedRequestRecorder deniedRequestRecorder;
  private final AtomicInteger requests = new AtomicInteger();

  ProblemMappingRSocket(
      RSocket source, WireJson json, DeniedRequestRecorder deniedRequestRecorder) {
    super(source);
    this.json = json;
    this.deniedRequestRecorder = deniedRequestRecorder;
  }

  @Override
  public Mono<Void> fireAndForget(Payload payload) {
    if (rejectIfTooMany(payload)) return Mono.empty(); // The client expects no response.
    var entry = new RSocketLogEntry("fire_and_forget");
    return super.fireAndForget(payload)
        .doOnError(failure -> mapFailure(failure, entry))
        .doFinally(signal -> end(entry, signal))
        .contextWrite(context -> context.put(RSocketLogEntry.class, entry));
  }

  @Override
  public Mono<Payload> requestResponse(Payload payload) {
    if (rejectIfTooMany(payload)) return Mono.error(tooManyRequests());
    var entry = new RSocketLogEntry("request_response");
    return super.requestResponse(payload)
        .onErrorMap(failure -> mapFailure(failure, entry))
        .doFinally(signal -> end(entry, signal))
        .contextWrite(context -> context.put(RSocketLogEntry.class, entry));
  }

  @Override
  public Flux<Payload> requestStream(Payload payload) {
    if (rejectIfTooMany(payload)) return Flux.error(tooManyRequests());
    var entry = new RSocketLogEntry("request_stream");
    return super.requestStream(payload)
        .onErrorMap(failure -> mapFailure(failure, entry))
        .doFinally(signal -> end(entry, signal))
        .contextWrite(context -> context.put(RSocketLogEntry.class, entry));
  }

  @Override
  public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
    if (requests.incrementAndGet() > REQUESTS_MAX) {
      requests.decrementAndGet();
      return Flux.error(tooManyRequests());
    }
    var entry = new RSocketLogEntry("request_channel");
    return super.requestChannel(payloads)
        .onErrorMap(failure -> mapFailure(failure, entry))
        .doFinally(signal -> end(entry, signal))
        .contextWrite(context -> context.put(RSocketLogEntry.class, entry));
  }

  private void end(RSocketLogEntry entry, SignalType signal) {
    requests.decrementAndGet();
    entry.write(signal == SignalType.CANCEL);
  }

  private boolean rejectIfTooMany(Payload payload) {
    if (requests.incrementAndGet() <= REQUESTS_MAX) return false;
    requests.decrementAndGet();
    payload.release();
    return true;
  }

  private Throwable tooManyRequests() {
    return toErrorFrame(
        Problem.create(
            HttpStatus.TOO_MANY_REQUESTS,
            "too_many_requests",
            "The connection already has " + REQUESTS_MAX + " requests in progress."));
  }

  private Throwable mapFailure(Throwable failure, RSocketLogEntry entry) {
    // An error of the client or one that is converted already.
    if (failure instanceof RSocketErrorException) {
      entry.setStatus(HttpStatus.BAD_REQUEST.value());
      return failure;
    }
    var problem = ProblemMapper.toProblem(failure, RequestIdFilter.newRequestId());
    entry.setStatus(problem.status());
    return toErrorFrame(problem);
  }

  private Throwable toErrorFrame(Problem problem) {
    deniedRequestRecorder.recordDenial(null, "rsocket", problem);
    var id = problem.requestId() == null ? RequestIdFilter.newRequestId() : problem.requestId();
    return new ApplicationErrorException(json.toText(problem.withRequestId(id)));
  }
}
