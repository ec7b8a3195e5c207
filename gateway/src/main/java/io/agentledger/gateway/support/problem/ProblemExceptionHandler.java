package io.agentledger.gateway.support.problem;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.web.RequestIdFilter;
import java.util.LinkedHashSet;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Responds to every failure on HTTP with {@code application/problem+json}. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class ProblemExceptionHandler implements WebExceptionHandler {
  private static final String CHALLENGE = "Bearer realm=\"agentledger\"";

  private final WireJson json;
  private final DeniedRequestRecorder deniedRequestRecorder;

  ProblemExceptionHandler(WireJson json, DeniedRequestRecorder deniedRequestRecorder) {
    this.json = json;
    this.deniedRequestRecorder = deniedRequestRecorder;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    var response = exchange.getResponse();
    if (ProblemMapper.isDisconnect(failure)) return Mono.empty();
    if (response.isCommitted()) return Mono.error(failure);
    if (failure instanceof ErrorResponse errorResponse)
      response.getHeaders().putAll(errorResponse.getHeaders());
    completeAllow(response.getHeaders());
    var problem = ProblemMapper.toProblem(failure, RequestIdFilter.requestId(exchange));
    addChallenge(response.getHeaders(), problem, failure);
    return write(exchange, problem);
  }

  /** Adds the methods that Spring supports for each route. */
  private static void completeAllow(HttpHeaders headers) {
    var methods = new LinkedHashSet<>(headers.getAllow());
    if (methods.isEmpty()) return;
    if (methods.contains(HttpMethod.GET)) methods.add(HttpMethod.HEAD);
    methods.add(HttpMethod.OPTIONS);
    headers.setAllow(methods);
  }

  /**
   * Adds the challenge of RFC 6750: with an error for an invalid credential, without one if there
   * was none.
   */
  private static void addChallenge(HttpHeaders headers, Problem problem, Throwable failure) {
    if (failure instanceof BadCredentialsException)
      headers.set(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + ", error=\"invalid_token\"");
    if (problem.code().equals("forbidden"))
      headers.set(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + ", error=\"insufficient_scope\"");
  }

  /** Writes the problem as the response. */
  public Mono<Void> write(ServerWebExchange exchange, Problem problem) {
    deniedRequestRecorder.recordDenial(exchange, problem);
    var response = exchange.getResponse();
    response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
    var headers = response.getHeaders();
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    headers.setCacheControl("no-store");
    if (problem.retryAfterSeconds() != null)
      headers.set(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds().toString());
    // The rest of the body is not read, so no other request may follow on this connection.
    if (problem.status() == 413) headers.setConnection("close");
    if (problem.status() == 401 && !headers.containsHeader(HttpHeaders.WWW_AUTHENTICATE))
      headers.set(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
    var body = json.toBytes(problem);
    headers.setContentLength(body.length);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }
}
