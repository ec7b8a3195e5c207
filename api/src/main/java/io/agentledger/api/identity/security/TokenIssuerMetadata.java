package io.agentledger.api.identity.security;

import io.agentledger.api.shared.Json;
import java.util.concurrent.CompletionStage;

/** By what everybody can tell that an access token is ours. */
public interface TokenIssuerMetadata {
  /** The claim {@code iss} of our tokens. */
  String issuer();

  /** The claim {@code aud} of our tokens. */
  String audience();

  /**
   * The JWK set (RFC 7517) of public keys: those that sign, those that will, and those whose last
   * token has not expired. All are ES256. Never blocks; a minute old at most.
   */
  CompletionStage<Json> keys();
}
