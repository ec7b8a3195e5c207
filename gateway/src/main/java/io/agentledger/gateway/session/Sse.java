package io.agentledger.gateway.session;

import io.agentledger.gateway.session.stream.Connection;
import io.agentledger.gateway.session.stream.Plan;
import io.agentledger.gateway.session.stream.SessionLogs;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** A session's stream as server-sent events. */
@Component
class Sse {
  private final SessionLogs logs;

  Sse(SessionLogs logs) {
    this.logs = logs;
  }

  /** Answers with the stream; ends when it ends, or when the client is gone. */
  Mono<Void> answer(ServerHttpResponse response, Plan plan) {
    var headers = response.getHeaders();
    headers.setContentType(MediaType.TEXT_EVENT_STREAM);
    headers.setCacheControl("no-store");
    headers.set("X-Accel-Buffering", "no"); // Proxies hand each event on at once.
    return response.writeWith(logs.sse(plan, Connection.of(response)));
  }
}
