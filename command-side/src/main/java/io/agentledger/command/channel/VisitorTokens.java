package io.agentledger.command.channel;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.channel.VisitorToken;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;

/** Signs and verifies tokens of visitors, as JWTs with HMAC-SHA256. Thread-safe. */
record VisitorTokens(Clock clock) {
  static final Duration LIFETIME = Duration.ofHours(1);

  private static final JWSHeader HEADER =
      new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType("visitor+jwt")).build();
  private static final String NAME = "name";
  private static final int LENGTH_MAX = 4_096;

  /**
   * Contact that a token names.
   *
   * @param name empty if unknown
   */
  record VisitorClaims(String address, String name) {
    /** Contains no personal data. */
    @Override
    public String toString() {
      return "VisitorClaims[]";
    }
  }

  /**
   * @param key of 32 bytes
   */
  VisitorToken issue(byte[] key, String address, String name) {
    var expiresAt = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(LIFETIME);
    var claims =
        new JWTClaimsSet.Builder()
            .subject(address)
            .claim(NAME, name)
            .expirationTime(Date.from(expiresAt))
            .build();
    var token = new SignedJWT(HEADER, claims);
    try {
      token.sign(new MACSigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign", e);
    }
    return new VisitorToken(token.serialize(), expiresAt);
  }

  /** Returns the contact; empty unless the token was issued with the key and has not expired. */
  Optional<VisitorClaims> verify(byte[] key, String token) {
    if (token.length() > LENGTH_MAX) return Optional.empty();
    try {
      var parsed = SignedJWT.parse(token);
      boolean isValid =
          parsed.getHeader().getAlgorithm().equals(HEADER.getAlgorithm())
              && HEADER.getType().equals(parsed.getHeader().getType())
              && parsed.verify(new MACVerifier(key));
      if (!isValid) return Optional.empty();
      var claims = parsed.getJWTClaimsSet();
      if (!claims.getExpirationTime().toInstant().isAfter(clock.instant())) return Optional.empty();
      return Optional.of(new VisitorClaims(claims.getSubject(), claims.getStringClaim(NAME)));
    } catch (ParseException | JOSEException e) {
      return Optional.empty();
    }
  }
}
