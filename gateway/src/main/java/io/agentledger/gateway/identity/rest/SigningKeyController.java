package io.agentledger.gateway.identity.rest;

import io.agentledger.api.identity.AccessTokens;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.SigningKeyCommand.RotateSigningKey;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The keys that access tokens are signed with: for everybody to check them by. */
@RestController
@Tag(name = "signing in")
class SigningKeyController {
  private static final String ROTATE = "/api/v1/signing-keys/rotate";

  private final AccessTokens tokens;
  private final Bus bus;
  private final Idempotencies idempotencies;

  SigningKeyController(AccessTokens tokens, Bus bus, Idempotencies idempotencies) {
    this.tokens = tokens;
    this.bus = bus;
    this.idempotencies = idempotencies;
  }

  /** A signing key. */
  record SigningKey(KeyId keyId) {}

  @GetMapping(path = "/.well-known/jwks.json", produces = MediaType.APPLICATION_JSON_VALUE)
  @SecurityRequirements
  @Operation(operationId = "getSigningKeys", summary = "The public keys, as a JWK set")
  Mono<ResponseEntity<String>> keys() {
    return Mono.fromCompletionStage(tokens::keys)
        .map(
            keys ->
                ResponseEntity.ok()
                    .cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic())
                    .body(keys.text()));
  }

  @PostMapping(path = ROTATE, produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "rotateSigningKey",
      summary = "Makes the next key, published now and signing soon")
  Mono<SigningKey> rotate(
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var command = new RotateSigningKey(idempotencies.of(key, "POST " + ROTATE));
    return bus.<KeyId>send(visit, command).map(SigningKey::new);
  }
}
