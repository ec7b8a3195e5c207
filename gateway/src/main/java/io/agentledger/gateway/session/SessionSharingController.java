package io.agentledger.gateway.session;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.query.SessionQuery.ListShares;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ShareView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the shares and the owner of a session. All of them are idempotent. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class SessionSharingController {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;

  SessionSharingController(MessageGateway messageGateway, SessionService sessionService) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
  }

  @GetMapping("/shares")
  @Operation(operationId = "listShares", summary = "List the shares of a session")
  Mono<Page<ShareView>> list(@PathVariable SessionId id, RequestContext context) {
    return messageGateway
        .queryList(context, new ListShares(context.tenant(), id), ShareView.class)
        .map(shares -> new Page<>(shares, null));
  }

  @PutMapping(path = "/shares/tenant", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "shareWithTenant", summary = "Share a session with the whole tenant")
  Mono<Void> shareWithTenant(
      @PathVariable SessionId id,
      @Valid @RequestBody ShareSessionRequest share,
      RequestContext context) {
    return sendAndAwait(context, id, new ShareSession(id, new Audience.Tenant(), share.access()));
  }

  @DeleteMapping("/shares/tenant")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "unshareWithTenant", summary = "Unshare a session with the whole tenant")
  Mono<Void> unshareWithTenant(@PathVariable SessionId id, RequestContext context) {
    return sendAndAwait(context, id, new UnshareSession(id, new Audience.Tenant()));
  }

  @PutMapping(path = "/shares/{user_id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "shareWithUser",
      summary = "Share a session with a user",
      description = "422 share_refused: access write for a user whose role can only read.")
  Mono<Void> share(
      @PathVariable SessionId id,
      @PathVariable("user_id") UserId userId,
      @Valid @RequestBody ShareSessionRequest share,
      RequestContext context) {
    return sendAndAwait(
        context, id, new ShareSession(id, new Audience.User(userId), share.access()));
  }

  @DeleteMapping("/shares/{user_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "unshareWithUser", summary = "Unshare a session with a user")
  Mono<Void> unshare(
      @PathVariable SessionId id, @PathVariable("user_id") UserId userId, RequestContext context) {
    return sendAndAwait(context, id, new UnshareSession(id, new Audience.User(userId)));
  }

  /** Transfers the session and returns its state, which the former owner may not see afterwards. */
  @PutMapping(path = "/owner", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "transferSession", summary = "Transfer a session to another owner")
  Mono<SessionView> transfer(
      @PathVariable SessionId id,
      @Valid @RequestBody TransferSessionRequest transferSessionRequest,
      RequestContext context) {
    return sessionService
        .find(context, id)
        .flatMap(
            view ->
                sendAndAwait(context, id, new TransferSession(id, transferSessionRequest.userId()))
                    .thenReturn(view.withOwner(transferSessionRequest.userId())));
  }

  /**
   * Sends a command and waits until the read model contains it, because the next request may be
   * another user's, who cannot see the session before. The query of the shares waits for that; its
   * own failure does not matter, as that of a former owner.
   */
  private Mono<Void> sendAndAwait(RequestContext context, SessionId id, SessionCommand command) {
    return messageGateway
        .send(context, command)
        .then(
            messageGateway
                .queryList(context, new ListShares(context.tenant(), id), ShareView.class)
                .onErrorComplete()
                .then());
  }
}
