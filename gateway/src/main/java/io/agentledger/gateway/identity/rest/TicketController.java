package io.agentledger.gateway.identity.rest;

import io.agentledger.api.identity.Tickets;
import io.agentledger.gateway.support.SocketTicket;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Tickets, with which a page opens a socket. */
@RestController
@Tag(name = "signing in")
class TicketController {
  private final Tickets tickets;

  TicketController(Tickets tickets) {
    this.tickets = tickets;
  }

  /**
   * A ticket for one socket.
   *
   * @param subProtocol what to name as the socket's sub-protocol
   * @param expiresIn seconds
   */
  record TicketAnswer(String ticket, String subProtocol, long expiresIn) {
    @Override
    public String toString() {
      return "TicketAnswer";
    }
  }

  @PostMapping(path = AuthController.PATH + "/tickets", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "issueTicket",
      summary = "A ticket that opens one WebSocket, where no header can be set")
  Mono<ResponseEntity<TicketAnswer>> issue(Visit visit) {
    var means = visit.means();
    if (means == null) throw new AuthenticationCredentialsNotFoundException("no caller");
    return Mono.fromCompletionStage(() -> tickets.issue(means))
        .map(
            ticket ->
                new TicketAnswer(
                    ticket, SocketTicket.PREFIX + ticket, Tickets.PATIENCE.toSeconds()))
        .map(
            answer ->
                ResponseEntity.status(HttpStatus.CREATED)
                    .cacheControl(CacheControl.noStore())
                    .body(answer));
  }
}
