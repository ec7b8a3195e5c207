package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Mono;

/** This installation as an issuer; its access tokens contain a user and a login. */
final class LocalIssuer implements TrustedIssuer {
  /** Tolerance for differences between the clocks of the installation's nodes. */
  private static final Duration SKEW = Duration.ofSeconds(5);

  /** RFC 9068: rejects tokens that were issued for another purpose. */
  private static final Set<@Nullable JOSEObjectType> ACCESS_TOKEN =
      Set.of(new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"));

  private final TokenIssuerMetadata tokens;
  private final IssuerJwtDecoder decoder;

  LocalIssuer(TokenIssuerMetadata tokens, Clock clock) {
    this.tokens = tokens;
    var rules = JwtClaimValidators.create(tokens.issuer(), List.of(tokens.audience()), clock, SKEW);
    this.decoder =
        new IssuerJwtDecoder(
            new LocalKeySource(tokens), Set.of(JWSAlgorithm.ES256), ACCESS_TOKEN, rules);
  }

  @Override
  public String issuer() {
    return tokens.issuer();
  }

  @Override
  public Mono<VerifiedToken> verify(SignedJWT token) {
    return decoder.decode(token).map(LocalIssuer::toVerifiedToken);
  }

  private static VerifiedToken toVerifiedToken(Jwt token) {
    try {
      return new VerifiedToken.Local(
          new UserId(token.getSubject()),
          new CredentialId(String.valueOf(token.getClaimAsString("sid"))),
          Objects.requireNonNull(token.getExpiresAt()));
    } catch (IllegalArgumentException exception) {
      throw new BadJwtException("the token names no user of this installation", exception);
    }
  }
}
