package io.agentledger.api.identity.security;

import io.agentledger.api.shared.Json;
import java.util.concurrent.CompletionStage;

/** Metadata with which access tokens of this installation are verified. */
public interface TokenIssuerMetadata {
  /** Returns the claim {@code iss} of the access tokens. */
  String issuer();

  /** Returns the claim {@code aud} of the access tokens. */
  String audience();

  /**
   * Returns the JWK set (RFC 7517) of public keys: current keys, announced keys, and old keys until
   * their last token has expired. All are ES256. Never blocks; at most a minute old.
   */
  CompletionStage<Json> keys();
}
