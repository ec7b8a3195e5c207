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

/** Checks the table of invalid tokens, and that the service rejects each of them. */
class InvalidTokensTest {
  private static InvalidTokens tokensOf(KeyPair keys) {
    return new InvalidTokens(
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
  void validTokenPassesAndTheInvalidOnesAreManyAndDistinct(String kind, String algorithm)
      throws GeneralSecurityException {
    var keys = keys(kind);
    var maker = tokensOf(keys);
    var good = maker.validToken();
    int dot = good.lastIndexOf('.');
    var signature = Signature.getInstance(algorithm);
    signature.initVerify(keys.getPublic());
    signature.update(good.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(good.substring(dot + 1)))).isTrue();
    assertThat(maker.all()).hasSizeGreaterThan(90).doesNotContainValue(good);
    assertThat(maker.all().keySet()).contains("algorithm 'none', unsigned", "a jku of its own");
  }

  @Test
  void invalidTokensAreRejectedByEveryEndpoint(@TempDir Path home) throws GeneralSecurityException {
    try (var server = ApiTestServer.open(home)) {
      tokensOf(keys("EC"))
          .all()
          .forEach(
              (name, token) -> {
                var request =
                    java.net.http.HttpRequest.newBuilder(server.uri("/api/v1/status"))
                        .header("Authorization", "Bearer " + token);
                var response = server.send(request.GET());
                assertThat(response.statusCode()).as(name).isEqualTo(401);
                assertThat(response.body())
                    .as(name)
                    .contains("unauthorized")
                    .doesNotContain("kid-1");
              });
      assertThat(server.get("/api/v1/status").statusCode()).isEqualTo(200);
    }
  }
}
