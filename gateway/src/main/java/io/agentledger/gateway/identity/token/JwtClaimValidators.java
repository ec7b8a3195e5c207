package io.agentledger.gateway.identity.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/** Validators for the claims of every token: issuer, audience, times and subject. */
final class JwtClaimValidators {
  private static final int SUBJECT_LENGTH_MAX = 255;

  private JwtClaimValidators() {}

  /**
   * Creates the validators.
   *
   * @param audiences the token must have one of them
   * @param skew maximum difference of the issuer's clock
   */
  static List<OAuth2TokenValidator<Jwt>> create(
      String issuer, Collection<String> audiences, Clock clock, Duration skew) {
    return List.of(
        claimValidator("iss", token -> issuer.equals(token.getClaimAsString("iss"))),
        claimValidator("aud", token -> hasAudience(token, audiences)),
        claimValidator("exp", token -> isUnexpired(clock, token, skew)),
        claimValidator("nbf", token -> isReached(token.getNotBefore(), clock, skew)),
        claimValidator("iat", token -> isReached(token.getIssuedAt(), clock, skew)),
        claimValidator("sub", JwtClaimValidators::hasSubject));
  }

  static OAuth2TokenValidator<Jwt> claimValidator(String claim, Predicate<Jwt> condition) {
    var error = new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, "wrong " + claim, null);
    var failure = OAuth2TokenValidatorResult.failure(error);
    return token -> condition.test(token) ? OAuth2TokenValidatorResult.success() : failure;
  }

  private static boolean hasAudience(Jwt token, Collection<String> audiences) {
    var tokenAudiences = token.getAudience();
    return tokenAudiences != null && !Collections.disjoint(tokenAudiences, audiences);
  }

  private static boolean isUnexpired(Clock clock, Jwt token, Duration skew) {
    var expiresAt = token.getExpiresAt();
    return expiresAt != null && clock.instant().isBefore(expiresAt.plus(skew));
  }

  private static boolean isReached(@Nullable Instant instant, Clock clock, Duration skew) {
    return instant == null || !clock.instant().plus(skew).isBefore(instant);
  }

  private static boolean hasSubject(Jwt token) {
    var subject = token.getSubject();
    return subject != null && !subject.isBlank() && subject.length() <= SUBJECT_LENGTH_MAX;
  }
}
