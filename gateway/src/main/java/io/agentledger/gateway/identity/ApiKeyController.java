package io.agentledger.gateway.identity;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.ApiKeyCommand;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueAgentToken;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RotateApiKey;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.api.identity.query.ApiKeyView;
import io.agentledger.api.identity.query.IdentityQuery.FindApiKey;
import io.agentledger.api.identity.query.IdentityQuery.ListApiKeys;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for API keys and tokens of agents. Only the first response contains the secret.
 */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "api keys")
class ApiKeyController {
  static final String PATH = "/api/v1/keys";
  static final long OVERLAP_SECONDS_MAX = 7 * 24 * 3600;

  private final MessageGateway messageGateway;

  ApiKeyController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @PostMapping(path = "/keys", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "issueApiKey",
      summary = "Issue an API key; the response shows the secret once")
  Mono<ResponseEntity<IssuedApiKey>> issue(
      @Valid @RequestBody CreateApiKeyRequest request, IdempotencyKey key, RequestContext context) {
    return sendAndRespond(
        context,
        new IssueApiKey(
            CredentialId.next(),
            request.displayName(),
            request.scopesOrAll(),
            request.expiresAt(),
            key.with(request)));
  }

  @PostMapping(path = "/agents/{agent_id}/tokens", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "issueAgentToken",
      summary = "Issue a token for an agent; the response shows the secret once")
  Mono<ResponseEntity<IssuedApiKey>> issueAgentToken(
      @PathVariable("agent_id") AgentId agentId,
      @Valid @RequestBody CreateApiKeyRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return sendAndRespond(
        context,
        new IssueAgentToken(
            CredentialId.next(),
            agentId,
            request.displayName(),
            request.scopesOrAll(),
            request.expiresAt(),
            key.with(request)));
  }

  @PostMapping("/keys/{id}/rotate")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "rotateApiKey",
      summary = "Give an API key a new secret; the response shows it once")
  Mono<ResponseEntity<IssuedApiKey>> rotate(
      @PathVariable CredentialId id,
      @Valid @RequestBody(required = false) @Nullable RotateApiKeyRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var rotateApiKeyRequest = request == null ? new RotateApiKeyRequest(null) : request;
    var overlap = rotateApiKeyRequest.overlapSeconds();
    return sendAndRespond(
        context,
        new RotateApiKey(
            id, Duration.ofSeconds(overlap == null ? 0 : overlap), key.with(rotateApiKeyRequest)));
  }

  private Mono<ResponseEntity<IssuedApiKey>> sendAndRespond(
      RequestContext context, ApiKeyCommand command) {
    return messageGateway
        .<IssuedApiKey>send(context, command)
        .doOnNext(
            issued -> {
              if (issued.secret() == null)
                throw new RejectionException(
                    new Rejection.AlreadyIssued("api_key", issued.keyId().value()));
            })
        .map(
            issued ->
                ResponseEntity.created(URI.create(PATH + "/" + issued.keyId()))
                    .cacheControl(CacheControl.noStore())
                    .body(issued));
  }

  @GetMapping("/keys")
  @Operation(
      operationId = "listApiKeys",
      summary =
          "List API keys, newest first: your own, an owner's, or all of the tenant (all=true)")
  Mono<Page<ApiKeyView>> list(
      @RequestParam(name = "owner_id", required = false) @Nullable UserId ownerId,
      @RequestParam(required = false, defaultValue = "false") boolean all,
      PageRequest page,
      RequestContext context) {
    var filterOwnerId = ownerId != null || all ? ownerId : context.caller().user();
    return messageGateway.queryPage(
        context, new ListApiKeys(context.tenant(), filterOwnerId, page));
  }

  @GetMapping("/keys/{id}")
  @Operation(operationId = "getApiKey", summary = "Get an API key, without its secret")
  Mono<ApiKeyView> find(@PathVariable CredentialId id, RequestContext context) {
    return messageGateway.query(context, new FindApiKey(context.tenant(), id), ApiKeyView.class);
  }

  @DeleteMapping("/keys/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "revokeApiKey", summary = "Revoke an API key")
  Mono<Void> revoke(@PathVariable CredentialId id, RequestContext context) {
    return messageGateway.send(context, new RevokeApiKey(id, null));
  }
}
