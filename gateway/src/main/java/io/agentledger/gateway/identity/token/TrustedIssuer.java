package io.agentledger.gateway.identity.token;

import com.nimbusds.jwt.SignedJWT;
import reactor.core.publisher.Mono;

/** One issuer whose tokens are taken. */
interface TrustedIssuer {
  /** The claim {@code iss} of its tokens. */
  String issuer();

  /**
   * Fails with a {@link org.springframework.security.oauth2.jwt.JwtException} unless all is right.
   */
  Mono<VerifiedToken> verify(SignedJWT token);
}
