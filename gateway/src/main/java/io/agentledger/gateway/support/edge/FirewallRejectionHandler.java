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
 * Spring Security's firewall knows the paths and headers that two readers understand in two ways
 * ({@code ..;}, {@code %2f}, {@code //}); here it learns our words.
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
                HttpStatus.BAD_REQUEST,
                "malformed_request",
                "The path or a header can be understood in two ways.")
            .withRequestId(RequestIdFilter.requestId(exchange)));
  }
}
