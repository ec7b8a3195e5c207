package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.query.QueryView;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.stream.SseResponseWriter;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes responses to requests that send a query: its stream, or JSON. */
@Component
public final class QueryResponseWriter {
  private final SseResponseWriter sse;
  private final WireJson json;

  QueryResponseWriter(SseResponseWriter sse, WireJson json) {
    this.sse = sse;
    this.json = json;
  }

  /** Writes the stream of an accepted query, or the query if the client prefers JSON. */
  public Mono<Void> write(RequestContext context, QueryView query, ServerWebExchange exchange) {
    if (!prefersJson(exchange)) return writeStream(context, query, exchange);
    setIds(exchange.getResponse().getHeaders(), query);
    return writeJson(HttpStatus.ACCEPTED, query, exchange);
  }

  /** Writes the stream of the query as server-sent events, until its run has ended. */
  public Mono<Void> writeStream(
      RequestContext context, QueryView query, ServerWebExchange exchange) {
    var ids = new HttpHeaders();
    setIds(ids, query);
    return sse.write(exchange.getResponse(), StreamRequest.forQuery(context, query), ids);
  }

  /** Writes a value as JSON. */
  public Mono<Void> writeJson(HttpStatus status, Object value, ServerWebExchange exchange) {
    var response = exchange.getResponse();
    response.setStatusCode(status);
    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    return response.writeWith(Mono.just(response.bufferFactory().wrap(json.toBytes(value))));
  }

  /** Sets the headers that name the session, the query and its run. */
  static void setIds(HttpHeaders headers, QueryView query) {
    headers.set(HttpHeaders.LOCATION, SessionController.PATH + "/" + query.sessionId());
    headers.set("X-Session-Id", query.sessionId().value());
    headers.set("X-Query-Id", query.id().value());
    headers.set("X-Run-Id", query.runId().value());
  }

  /** Returns the response with the headers that name the session, the query and its run. */
  public static <T> ResponseEntity<T> withIds(ResponseEntity<T> response, QueryView query) {
    var headers = new HttpHeaders();
    headers.addAll(response.getHeaders());
    setIds(headers, query);
    return new ResponseEntity<>(response.getBody(), headers, response.getStatusCode());
  }

  /** Returns whether the client accepts JSON, and neither the stream nor every type. */
  static boolean prefersJson(ServerWebExchange exchange) {
    var accepted = exchange.getRequest().getHeaders().getAccept();
    return accepted.stream().anyMatch(MediaType.APPLICATION_JSON::isCompatibleWith)
        && accepted.stream().noneMatch(MediaType.TEXT_EVENT_STREAM::isCompatibleWith);
  }

  /** Returns whether the client names the stream's type, and not only every type. */
  public static boolean requestsStream(ServerWebExchange exchange) {
    return exchange.getRequest().getHeaders().getAccept().stream()
        .anyMatch(MediaType.TEXT_EVENT_STREAM::equalsTypeAndSubtype);
  }
}
