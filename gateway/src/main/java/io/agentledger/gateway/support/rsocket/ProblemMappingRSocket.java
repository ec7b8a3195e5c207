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

/**
 * Converts failures on RSocket to application errors whose data is the problem's JSON. One for each
 * connection; it also limits the concurrent requests of the connection.
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
    return super.fireAndForget(payload).doFinally(signal -> requests.decrementAndGet());
  }

  @Override
  public Mono<Payload> requestResponse(Payload payload) {
    if (rejectIfTooMany(payload)) return Mono.error(tooManyRequests());
    return super.requestResponse(payload)
        .onErrorMap(this::mapFailure)
        .doFinally(signal -> requests.decrementAndGet());
  }

  @Override
  public Flux<Payload> requestStream(Payload payload) {
    if (rejectIfTooMany(payload)) return Flux.error(tooManyRequests());
    return super.requestStream(payload)
        .onErrorMap(this::mapFailure)
        .doFinally(signal -> requests.decrementAndGet());
  }

  @Override
  public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
    if (requests.incrementAndGet() > REQUESTS_MAX) {
      requests.decrementAndGet();
      return Flux.error(tooManyRequests());
    }
    return super.requestChannel(payloads)
        .onErrorMap(this::mapFailure)
        .doFinally(signal -> requests.decrementAndGet());
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

  private Throwable mapFailure(Throwable failure) {
    // An error of the client or one that is converted already.
    if (failure instanceof RSocketErrorException) return failure;
    return toErrorFrame(ProblemMapper.toProblem(failure, RequestIdFilter.newRequestId()));
  }

  private Throwable toErrorFrame(Problem problem) {
    deniedRequestRecorder.recordDenial(null, "rsocket", problem);
    var id = problem.requestId() == null ? RequestIdFilter.newRequestId() : problem.requestId();
    return new ApplicationErrorException(json.toText(problem.withRequestId(id)));
  }
}
