package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemExceptionHandler;
import io.agentledger.gateway.support.web.RequestIdFilter;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Responds to rejections of Spring Security's firewall, which detects ambiguous paths and headers
 * ({@code ..;}, {@code %2f}, {@code //}), in the service's problem format.
 */
@Component
final class FirewallRejectionHandler implements ServerExchangeRejectedHandler {
  private final ProblemExceptionHandler problemHandler;

  FirewallRejectionHandler(ProblemExceptionHandler problemHandler) {
    this.problemHandler = problemHandler;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, ServerExchangeRejectedException exception) {
    return problemHandler.write(
        exchange,
        Problem.create(
                HttpStatus.BAD_REQUEST, "malformed_request", "The path or a header is ambiguous.")
            .withRequestId(RequestIdFilter.requestId(exchange)));
  }
}
