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

/** Measures the time of every RSocket request up to its last item, by outcome. */
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
          return super.fireAndForget(payload)
              .doFinally(signal -> stopTimer(timer, "fire_and_forget", signal));
        });
  }

  @Override
  public Mono<Payload> requestResponse(Payload payload) {
    return Mono.defer(
        () -> {
          var timer = Timer.start(meters);
          return super.requestResponse(payload)
              .doFinally(signal -> stopTimer(timer, "request_response", signal));
        });
  }

  @Override
  public Flux<Payload> requestStream(Payload payload) {
    return Flux.defer(
        () -> {
          var timer = Timer.start(meters);
          return super.requestStream(payload)
              .doFinally(signal -> stopTimer(timer, "request_stream", signal));
        });
  }

  @Override
  public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
    return Flux.defer(
        () -> {
          var timer = Timer.start(meters);
          return super.requestChannel(payloads)
              .doFinally(signal -> stopTimer(timer, "request_channel", signal));
        });
  }

  private void stopTimer(Timer.Sample timer, String interaction, SignalType signal) {
    var outcome =
        switch (signal) {
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
