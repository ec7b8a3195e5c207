package io.agentledger.gateway.session.stream;

import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Writes a session's stream as server-sent events. */
@Component
public class SseResponseWriter {
  private static final MediaType EVENT_STREAM =
      new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8);

  private final SessionStreamRegistry sessionStreamRegistry;

  SseResponseWriter(SessionStreamRegistry sessionStreamRegistry) {
    this.sessionStreamRegistry = sessionStreamRegistry;
  }

  /** Writes the stream; completes when the stream ends, or the client disconnects. */
  public Mono<Void> write(ServerHttpResponse response, StreamRequest streamRequest) {
    return write(response, streamRequest, HttpHeaders.EMPTY);
  }

  /**
   * Writes the stream with more headers. Fails before it sets headers if the caller may not see the
   * session.
   */
  public Mono<Void> write(
      ServerHttpResponse response, StreamRequest streamRequest, HttpHeaders additionalHeaders) {
    return sessionStreamRegistry
        .sseSubscription(streamRequest, ClientChannel.from(response))
        .flatMap(
            subscription -> {
              var headers = response.getHeaders();
              headers.addAll(additionalHeaders);
              headers.setContentType(EVENT_STREAM);
              headers.setCacheControl("no-store");
              headers.set("X-Accel-Buffering", "no"); // Disables buffering in proxies.
              return response.writeWith(subscription);
            });
  }
}
