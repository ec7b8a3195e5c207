package io.agentledger.gateway.support;

import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.RSocketErrorException;
import io.rsocket.exceptions.ApplicationErrorException;
import io.rsocket.util.RSocketProxy;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Failures on RSocket are application errors whose data is the problem's JSON. */
final class ProblemSocket extends RSocketProxy {
  private final WireJson json;
  private final Refusals refusals;

  ProblemSocket(RSocket source, WireJson json, Refusals refusals) {
    super(source);
    this.json = json;
    this.refusals = refusals;
  }

  @Override
  public Mono<Payload> requestResponse(Payload payload) {
    return super.requestResponse(payload).onErrorMap(this::asProblem);
  }

  @Override
  public Flux<Payload> requestStream(Payload payload) {
    return super.requestStream(payload).onErrorMap(this::asProblem);
  }

  @Override
  public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
    return super.requestChannel(payloads).onErrorMap(this::asProblem);
  }

  private Throwable asProblem(Throwable failure) {
    if (failure instanceof RSocketErrorException) return failure; // The other side's, or ours.
    var problem = Problems.of(failure, RequestIds.next());
    refusals.count(null, "rsocket", problem);
    return new ApplicationErrorException(json.text(problem));
  }
}
