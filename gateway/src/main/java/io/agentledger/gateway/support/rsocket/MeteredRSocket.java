package io.agentledger.gateway.support.rsocket;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.util.RSocketProxy;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Takes the time of every request on RSocket, to its last item, by how it ended. */
final class MeteredRSocket extends RSocketProxy {
  private final MeterRegistry meters;

  MeteredRSocket(RSocket source, MeterRegistry meters) {
    super(source);
    this.meters = meters;
  }

  @Override
  public Mono<Void> fireAndForget(Payload payload) {
    return Mono.defer(
        () -> {
          var timer = Timer.start(meters);
          return super.fireAndForget(payload).doFinally(end -> stop(timer, "fire_and_forget", end));
        });
  }

  @Override
  public Mono<Payload> requestResponse(Payload payload) {
    return Mono.defer(
        () -> {
          var timer = Timer.start(meters);
          return super.requestResponse(payload)
              .doFinally(end -> stop(timer, "request_response", end));
        });
  }

  @Override
  public Flux<Payload> requestStream(Payload payload) {
    return Flux.defer(
        () -> {
          var timer = Timer.start(meters);
          return super.requestStream(payload).doFinally(end -> stop(timer, "request_stream", end));
        });
  }

  @Override
  public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
    return Flux.defer(
        () -> {
          var timer = Timer.start(meters);
          return super.requestChannel(payloads)
              .doFinally(end -> stop(timer, "request_channel", end));
        });
  }

  private void stop(Timer.Sample timer, String interaction, SignalType end) {
    var outcome =
        switch (end) {
          case ON_ERROR -> "error";
          case CANCEL -> "cancelled";
          default -> "done";
        };
    timer.stop(
        Timer.builder("rsocket.server.requests")
            .description("Requests on RSocket, to their last item")
            .tags("interaction", interaction, "outcome", outcome)
            .register(meters));
  }
}
