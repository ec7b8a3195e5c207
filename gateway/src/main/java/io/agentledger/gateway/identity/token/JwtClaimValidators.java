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

/** What must be true of every token: by whom, for whom, when, and about somebody. */
final class JwtClaimValidators {
  private static final int SUBJECT_LENGTH_MAX = 255;

  private JwtClaimValidators() {}

  /**
   * @param audiences one of which the token must be for
   * @param skew how far the issuer's clock may be from ours
   */
  static List<OAuth2TokenValidator<Jwt>> of(
      String issuer, Collection<String> audiences, Clock clock, Duration skew) {
    return List.of(
        rule("iss", token -> issuer.equals(token.getClaimAsString("iss"))),
        rule("aud", token -> isFor(token, audiences)),
        rule("exp", token -> isBefore(clock, token, skew)),
        rule("nbf", token -> isBegun(token.getNotBefore(), clock, skew)),
        rule("iat", token -> isBegun(token.getIssuedAt(), clock, skew)),
        rule("sub", JwtClaimValidators::hasSubject));
  }

  static OAuth2TokenValidator<Jwt> rule(String claim, Predicate<Jwt> holds) {
    var error = new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, "wrong " + claim, null);
    var wrong = OAuth2TokenValidatorResult.failure(error);
    return token -> holds.test(token) ? OAuth2TokenValidatorResult.success() : wrong;
  }

  private static boolean isFor(Jwt token, Collection<String> audiences) {
    var named = token.getAudience();
    return named != null && !Collections.disjoint(named, audiences);
  }

  private static boolean isBefore(Clock clock, Jwt token, Duration skew) {
    var end = token.getExpiresAt();
    return end != null && clock.instant().isBefore(end.plus(skew));
  }

  private static boolean isBegun(@Nullable Instant begin, Clock clock, Duration skew) {
    return begin == null || !clock.instant().plus(skew).isBefore(begin);
  }

  private static boolean hasSubject(Jwt token) {
    var subject = token.getSubject();
    return subject != null && !subject.isBlank() && subject.length() <= SUBJECT_LENGTH_MAX;
  }
}
