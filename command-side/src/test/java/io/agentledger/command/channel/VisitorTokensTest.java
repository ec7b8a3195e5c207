package io.agentledger.command.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.command.channel.VisitorTokens.VisitorClaims;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import org.junit.jupiter.api.Test;

class VisitorTokensTest {
  private static final byte[] KEY = key("0123456789abcdef0123456789abcdef");
  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static VisitorTokens at(Instant time) {
    return new VisitorTokens(Clock.fixed(time, ZoneOffset.UTC));
  }

  @Test
  void tokenNamesItsContactForAnHour() {
    var visit = at(NOW).issue(KEY, "user:1", "Ada");
    assertThat(visit.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    assertThat(at(NOW).verify(KEY, visit.token())).contains(new VisitorClaims("user:1", "Ada"));
    assertThat(at(visit.expiresAt().minusSeconds(1)).verify(KEY, visit.token())).isPresent();
    assertThat(at(visit.expiresAt()).verify(KEY, visit.token())).isEmpty();
  }

  @Test
  void refusesTokensOfOtherKeysAndTypes() throws Exception {
    var token = at(NOW).issue(KEY, "user:1", "Ada").token();
    assertThat(at(NOW).verify(key("another key of 32 characters....."), token)).isEmpty();
    var ofOtherType = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims());
    ofOtherType.sign(new MACSigner(KEY));
    assertThat(at(NOW).verify(KEY, ofOtherType.serialize())).isEmpty();
    for (var text : new String[] {"", ".", "..", "a.b.c", token + "A", "x".repeat(5_000)})
      assertThat(at(NOW).verify(KEY, text)).as(text).isEmpty();
  }

  private static JWTClaimsSet claims() {
    return new JWTClaimsSet.Builder()
        .subject("user:1")
        .claim("name", "Ada")
        .expirationTime(Date.from(NOW.plusSeconds(60)))
        .build();
  }
}
