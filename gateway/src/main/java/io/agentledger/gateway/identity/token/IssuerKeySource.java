package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.jwk.JWKSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The public keys of an issuer. */
interface IssuerKeySource {
  /**
   * All that are known, looked up again where this one is not among them.
   *
   * @param keyId what the token names; null where it names none
   */
  Mono<JWKSet> findKeys(@Nullable String keyId);
}
