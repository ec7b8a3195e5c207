package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWKSecurityContext;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * Verifies the tokens of one issuer: the key is published by the issuer and fits the algorithm, and
 * the algorithm is one of the allowed ones. Of key references in a token, only the key id is used.
 */
final class IssuerJwtDecoder {
  private final IssuerKeySource keys;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final NimbusReactiveJwtDecoder decoder;

  /**
   * Creates a decoder.
   *
   * @param algorithms asymmetric ones only
   * @param types allowed values of {@code typ}; contains null if it may be missing
   * @param rules validators of the claims
   */
  IssuerJwtDecoder(
      IssuerKeySource keys,
      Set<JWSAlgorithm> algorithms,
      Set<@Nullable JOSEObjectType> types,
      List<OAuth2TokenValidator<Jwt>> rules) {
    if (!JWSAlgorithm.Family.SIGNATURE.containsAll(algorithms))
      throw new IllegalArgumentException("algorithms must be asymmetric: " + algorithms);
    this.keys = keys;
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(types));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(algorithms, IssuerJwtDecoder::selectKeys));
    // The validators check the claims, more strictly.
    processor.setJWTClaimsSetVerifier((claims, context) -> {});
    decoder = new NimbusReactiveJwtDecoder(this::process);
    decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(rules));
  }

  Mono<Jwt> decode(SignedJWT token) {
    return decoder.decode(token.getParsedString());
  }

  private static List<com.nimbusds.jose.jwk.JWK> selectKeys(
      com.nimbusds.jose.jwk.JWKSelector selector, @Nullable SecurityContext context) {
    return context instanceof JWKSecurityContext keyContext
        ? selector.select(new JWKSet(keyContext.getKeys()))
        : List.of();
  }

  private Mono<JWTClaimsSet> process(JWT token) {
    if (!(token instanceof SignedJWT signed))
      return Mono.error(() -> new BadJwtException("the token is not signed"));
    return keys.findKeys(signed.getHeader().getKeyID()).map(keySet -> process(signed, keySet));
  }

  private JWTClaimsSet process(SignedJWT token, JWKSet keySet) {
    try {
      return processor.process(token, new JWKSecurityContext(keySet.getKeys()));
    } catch (BadJOSEException | JOSEException exception) {
      throw new BadJwtException("the token's signature is invalid", exception);
    }
  }
}
