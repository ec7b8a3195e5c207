package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.jwk.JWKSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The public keys of an issuer. */
interface IssuerKeySource {
  /**
   * Returns the known keys; reloads them if the given one is not among them.
   *
   * @param keyId key id of the token; null if it has none
   */
  Mono<JWKSet> findKeys(@Nullable String keyId);
}
