package io.agentledger.gateway.identity;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.command.SigningKeyCommand.RotateSigningKey;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the keys that sign access tokens; the public keys are open to all clients. */
@RestController
@Tag(name = "authentication")
class SigningKeyController {
  private static final String ROTATE_PATH = "/api/v1/admin/signing-keys/rotate";

  private final TokenIssuerMetadata tokens;
  private final MessageGateway messageGateway;

  SigningKeyController(TokenIssuerMetadata tokens, MessageGateway messageGateway) {
    this.tokens = tokens;
    this.messageGateway = messageGateway;
  }

  @GetMapping(path = "/.well-known/jwks.json", produces = MediaType.APPLICATION_JSON_VALUE)
  @SecurityRequirements
  @Operation(operationId = "getSigningKeys", summary = "Get the public signing keys as a JWK set")
  Mono<ResponseEntity<String>> getKeys() {
    return Mono.fromCompletionStage(tokens::keys)
        .map(
            keys ->
                ResponseEntity.ok()
                    .cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic())
                    .body(keys.text()));
  }

  @PostMapping(path = ROTATE_PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "rotateSigningKey",
      summary = "Create the next signing key, published at once and used soon after")
  Mono<RotateSigningKeyResponse> rotate(IdempotencyKey key, RequestContext context) {
    var command = new RotateSigningKey(key.withoutBody());
    return messageGateway.<CredentialId>send(context, command).map(RotateSigningKeyResponse::new);
  }
}
