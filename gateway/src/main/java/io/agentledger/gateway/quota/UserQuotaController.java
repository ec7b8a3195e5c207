package io.agentledger.gateway.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.query.IdentityQuery.FindUser;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.quota.QuotaCommand.ChangeUserLimits;
import io.agentledger.api.quota.QuotaCommand.RemoveUserLimits;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.quota.QuotaQuery.FindUserQuota;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the limits of one user. */
@RestController
@RequestMapping(path = UserQuotaController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "quotas")
class UserQuotaController {
  static final String PATH = "/api/v1/users/{id}/quota";

  private final MessageGateway messageGateway;

  UserQuotaController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping
  @Operation(operationId = "getUserQuota", summary = "Get the limits of a user")
  Mono<ResponseEntity<UserQuotaView>> find(@PathVariable UserId id, RequestContext context) {
    return requireUser(context, id).then(find(context, id, 0));
  }

  /** Returns a user of the tenant; any other user is reported as not found. */
  private Mono<UserView> requireUser(RequestContext context, UserId id) {
    return messageGateway.query(context, new FindUser(context.tenant(), id), UserView.class);
  }

  private Mono<ResponseEntity<UserQuotaView>> find(
      RequestContext context, UserId id, long version) {
    return messageGateway
        .query(context, new FindUserQuota(context.tenant(), id, version), UserQuotaView.class)
        .map(ETags::okWithTag);
  }

  @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changeUserQuota", summary = "Set the limits of a user")
  Mono<ResponseEntity<UserQuotaView>> change(
      @PathVariable UserId id,
      @Valid @RequestBody UpdateUserLimitsRequest request,
      IfMatch ifMatch,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request);
    var command =
        new ChangeUserLimits(
            QuotaId.of(context.tenant()), id, request.toLimits(""), ifMatch.version(), idempotency);
    return requireUser(context, id)
        .then(messageGateway.<Long>send(context, command))
        .flatMap(version -> find(context, id, version));
  }

  @DeleteMapping
  @Operation(
      operationId = "removeUserQuota",
      summary = "Remove the limits of a user; those of the tenant apply again")
  Mono<ResponseEntity<UserQuotaView>> remove(
      @PathVariable UserId id, IfMatch ifMatch, IdempotencyKey key, RequestContext context) {
    var idempotency = key.withoutBody();
    var command =
        new RemoveUserLimits(QuotaId.of(context.tenant()), id, ifMatch.version(), idempotency);
    return requireUser(context, id)
        .then(messageGateway.<Long>send(context, command))
        .flatMap(version -> find(context, id, version));
  }
}
