package io.agentledger.gateway.support.web;

import java.time.Duration;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;

/** Parts that streams of server-sent events have in common. */
public final class EventStreams {
  private static final Duration PING_INTERVAL = Duration.ofSeconds(15);

  private EventStreams() {}

  /** Adds comments that keep the connection open in long pauses. */
  public static Flux<ServerSentEvent<String>> withPings(Flux<ServerSentEvent<String>> events) {
    return events.publish(
        shared ->
            Flux.interval(PING_INTERVAL)
                .onBackpressureDrop()
                .map(tick -> ServerSentEvent.<String>builder().comment("ping").build())
                .takeUntilOther(shared.ignoreElements())
                .mergeWith(shared),
        1);
  }
}
