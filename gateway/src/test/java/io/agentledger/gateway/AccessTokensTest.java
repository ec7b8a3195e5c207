package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.scripted.ScriptedTokens;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Access tokens of this installation: valid ones are accepted, and similar invalid ones rejected.
 */
class AccessTokensTest {
  private static final Caller ADA =
      Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);

  private static ApiTestServer server;
  private static ScriptedTokens tokens;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
    server.backend().callers.add(ADA);
    tokens = server.bean(ScriptedTokens.class);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static HttpResponse<String> requestWithToken(String token) {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/status"))
            .header("Authorization", "Bearer " + token)
            .GET());
  }

  @Test
  void validTokenIsAcceptedAndAnInvalidOneRejected() throws JOSEException {
    var invalidTokens =
        new InvalidTokens(
            tokens.key().toKeyPair(),
            tokens.key().getKeyID(),
            "at+jwt",
            Map.of(
                "iss",
                ScriptedTokens.ISSUER,
                "aud",
                ScriptedTokens.ISSUER,
                "sub",
                ADA.user().value(),
                "sid",
                ADA.credential().value()),
            Instant.now());
    assertThat(requestWithToken(invalidTokens.validToken()).statusCode()).isEqualTo(200);
    invalidTokens
        .all()
        .forEach(
            (name, token) -> {
              var response = requestWithToken(token);
              assertThat(response.statusCode()).as(name).isEqualTo(401);
              assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
                  .as(name)
                  .contains("invalid_token");
            });
    assertThat(requestWithToken(invalidTokens.validToken()).statusCode()).isEqualTo(200);
  }

  @Test
  void tokenForAnotherPurposeIsRejected() {
    var id = tokens.header().type(JOSEObjectType.JWT).build();
    var token = ScriptedTokens.sign(id, tokens.claims(ADA).build(), tokens.key());
    assertThat(requestWithToken(token).statusCode()).isEqualTo(401);
  }

  @Test
  void tokenOverEightKibibytesIsNotParsed() {
    var large = tokens.claims(ADA).claim("x", "x".repeat(6_200)).build();
    var token = ScriptedTokens.sign(tokens.header().build(), large, tokens.key());
    assertThat(token.length()).isBetween(8 * 1024 + 1, 14 * 1024);
    assertThat(requestWithToken(token).statusCode()).isEqualTo(401);
    var fits = tokens.claims(ADA).claim("x", "x".repeat(5_000)).build();
    var smaller = ScriptedTokens.sign(tokens.header().build(), fits, tokens.key());
    assertThat(requestWithToken(smaller).statusCode()).isEqualTo(200);
  }

  @Test
  void cachedTokenExpiresOnTime() {
    var begun = Date.from(Instant.now().minusSeconds(60));
    var over = Date.from(Instant.now().minusSeconds(2));
    var claims = tokens.claims(ADA).issueTime(begun).expirationTime(over).build();
    var token = ScriptedTokens.sign(tokens.header().build(), claims, tokens.key());
    assertThat(requestWithToken(token).statusCode())
        .isEqualTo(200); // The tolerance for clocks is five seconds.
    await().untilAsserted(() -> assertThat(requestWithToken(token).statusCode()).isEqualTo(401));
  }

  @Test
  void cachedTokenEndsWithItsLogin() {
    var bob = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
    server.backend().callers.add(bob);
    var token = tokens.token(bob);
    assertThat(requestWithToken(token).statusCode()).isEqualTo(200);
    server.backend().callers.remove(bob);
    assertThat(requestWithToken(token).statusCode()).isEqualTo(401);
  }

  @Test
  void cookieAppliesWithoutAKeyAndAnExpiredOneIsIgnored() {
    var request = HttpRequest.newBuilder(server.uri("/api/v1/status"));
    var cookie = "agentledger=" + tokens.token(ADA);
    assertThat(server.send(request.copy().header("Cookie", cookie).GET()).statusCode())
        .isEqualTo(200);
    assertThat(server.send(request.copy().header("Cookie", "agentledger=x.y.z").GET()).statusCode())
        .isEqualTo(401);
    var login =
        HttpRequest.newBuilder(server.uri("/api/v1/auth/login"))
            .header("Cookie", "agentledger=eyJ.x.z")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(server.send(login).statusCode()).isEqualTo(400); // The status is not 401.
  }

  @Test
  void cookieIsAcceptedFromOwnPagesOnly() {
    var open =
        HttpRequest.newBuilder(server.uri("/api/v1/sessions"))
            .header("Cookie", "agentledger=" + tokens.token(ADA))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(server.send(open.copy()).statusCode()).isEqualTo(403);
    assertThat(server.send(open.copy().header("Sec-Fetch-Site", "cross-site")).statusCode())
        .isEqualTo(403);
    assertThat(server.send(open.copy().header("Sec-Fetch-Site", "same-origin")).statusCode())
        .isEqualTo(201);
  }

  @Test
  void publicKeysAreServedToAnyone() {
    var keys = server.send(HttpRequest.newBuilder(server.uri("/.well-known/jwks.json")).GET());
    assertThat(keys.statusCode()).isEqualTo(200);
    var key = ApiTestServer.json(keys).path("keys").path(0);
    assertThat(key.path("kid").asString()).isEqualTo(tokens.key().getKeyID());
    assertThat(key.has("d")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy", "in_place"})
  void whoMayNotUseADirectoryOfTheMachineIsToldWhy(String type) {
    var open =
        HttpRequest.newBuilder(server.uri("/api/v1/sessions"))
            .header("Authorization", "Bearer " + tokens.token(ADA))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"workspace\": {\"type\": \"%s\", \"path\": \"/srv\"}}".formatted(type)));
    var refused = server.send(open);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(ApiTestServer.json(refused).path("detail").asString())
        .isEqualTo("Only the local owner may use directories of this machine by their path.");
  }

  @Test
  void withoutASandboxOnlyTheLocalOwnerMayQuery() {
    var token = "Bearer " + tokens.token(ADA);
    var ask =
        HttpRequest.newBuilder(server.uri("/api/v1/query"))
            .header("Authorization", token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"prompt\": \"hi\"}"));
    var refused = server.send(ask);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("sandbox_needed");
    var session = server.openSession();
    var input = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"hi\"}]}";
    var path = "/api/v1/sessions/" + session + "/inputs";
    assertThat(server.post(path, input).statusCode()).isEqualTo(200);
    var other =
        HttpRequest.newBuilder(server.uri(path))
            .header("Authorization", token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(input));
    assertThat(server.send(other).statusCode()).isEqualTo(403);
  }
}
