package io.agentledger.gateway.identity;

import io.agentledger.api.identity.security.OneTimeTickets;
import io.agentledger.gateway.support.security.WebSocketTicketProtocol;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoint for the tickets with which a page opens a WebSocket. */
@RestController
@Tag(name = "authentication")
class WebSocketTicketController {
  private final OneTimeTickets tickets;

  WebSocketTicketController(OneTimeTickets tickets) {
    this.tickets = tickets;
  }

  @PostMapping(path = AuthController.PATH + "/tickets", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "issueWebSocketTicket",
      summary = "Issue a ticket that opens one WebSocket, for clients that cannot set headers")
  Mono<ResponseEntity<WebSocketTicketResponse>> issue(RequestContext context) {
    var credentialRef = context.credentialRef();
    if (credentialRef == null) throw new AuthenticationCredentialsNotFoundException("no caller");
    return Mono.fromCompletionStage(() -> tickets.issue(credentialRef))
        .map(
            ticket ->
                new WebSocketTicketResponse(
                    ticket,
                    WebSocketTicketProtocol.PREFIX + ticket,
                    OneTimeTickets.TIMEOUT.toSeconds()))
        .map(
            webSocketTicketResponse ->
                ResponseEntity.status(HttpStatus.CREATED)
                    .cacheControl(CacheControl.noStore())
                    .body(webSocketTicketResponse));
  }
}
