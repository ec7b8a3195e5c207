package io.agentledger.gateway.support.web;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;

/** Parts that streams of server-sent events have in common. */
public final class EventStreams {
  private static final Duration PING_INTERVAL = Duration.ofSeconds(15);

  private EventStreams() {}

  /**
   * Creates an event with a blank behind each colon, as in the streams of queries. Parsers ignore
   * the blank; line by line tools such as sed do not, and need the same form everywhere.
   *
   * @param id null if a client cannot resume after the event
   * @param json data in one line
   */
  public static ServerSentEvent<String> event(String type, @Nullable String id, String json) {
    var event = ServerSentEvent.<String>builder(" " + json).event(" " + type);
    return id == null ? event.build() : event.id(" " + id).build();
  }

  /** Adds comments that keep the connection open in long pauses. */
  public static Flux<ServerSentEvent<String>> withPings(Flux<ServerSentEvent<String>> events) {
    return withPings(events, () -> ServerSentEvent.<String>builder().comment("ping").build());
  }

  /** Adds messages that keep the connection open in long pauses. */
  public static <T> Flux<T> withPings(Flux<T> messages, Supplier<T> ping) {
    return messages.publish(
        shared ->
            Flux.interval(PING_INTERVAL)
                .onBackpressureDrop()
                .map(tick -> ping.get())
                .takeUntilOther(shared.ignoreElements())
                .mergeWith(shared),
        1);
  }
}
