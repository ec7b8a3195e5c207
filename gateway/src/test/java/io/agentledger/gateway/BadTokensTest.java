package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of bad tokens itself, and that none of them opens or breaks a door. */
class BadTokensTest {
  private static BadTokens maker(KeyPair keys) {
    return new BadTokens(
        keys,
        "kid-1",
        Map.of("iss", "https://ledger.example", "aud", "agentledger", "sub", "usr_2222222222"),
        Instant.now());
  }

  private static KeyPair keys(String kind) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance(kind);
    if (kind.equals("RSA")) generator.initialize(2048);
    if (kind.equals("EC")) generator.initialize(256);
    return generator.generateKeyPair();
  }

  @ParameterizedTest
  @CsvSource({"RSA, SHA256withRSA", "EC, SHA256withECDSAinP1363Format", "Ed25519, Ed25519"})
  void theGoodOneIsGoodAndTheBadOnesAreManyAndDiffer(String kind, String algorithm)
      throws GeneralSecurityException {
    var keys = keys(kind);
    var maker = maker(keys);
    var good = maker.good();
    int dot = good.lastIndexOf('.');
    var signature = Signature.getInstance(algorithm);
    signature.initVerify(keys.getPublic());
    signature.update(good.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(good.substring(dot + 1)))).isTrue();
    assertThat(maker.all()).hasSizeGreaterThan(90).doesNotContainValue(good);
    assertThat(maker.all().keySet()).contains("algorithm 'none', unsigned", "a jku of its own");
  }

  @Test
  void noneOfThemOpensOrBreaksADoor(@TempDir Path home) throws GeneralSecurityException {
    try (var doors = ApiTestServer.open(home)) {
      maker(keys("EC"))
          .all()
          .forEach(
              (name, token) -> {
                var request =
                    java.net.http.HttpRequest.newBuilder(doors.uri("/api/v1/status"))
                        .header("Authorization", "Bearer " + token);
                var answer = doors.send(request.GET());
                assertThat(answer.statusCode()).as(name).isEqualTo(401);
                assertThat(answer.body()).as(name).contains("unauthorized").doesNotContain("kid-1");
              });
      assertThat(doors.get("/api/v1/status").statusCode()).isEqualTo(200);
    }
  }
}
