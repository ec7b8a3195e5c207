package io.agentledger.gateway.identity.token;

import com.nimbusds.jwt.SignedJWT;
import reactor.core.publisher.Mono;

/** One issuer whose tokens are accepted. */
interface TrustedIssuer {
  /** Returns the claim {@code iss} of its tokens. */
  String issuer();

  /**
   * Verifies a token. Fails with a {@link org.springframework.security.oauth2.jwt.JwtException} if
   * it is invalid.
   */
  Mono<VerifiedToken> verify(SignedJWT token);
}
