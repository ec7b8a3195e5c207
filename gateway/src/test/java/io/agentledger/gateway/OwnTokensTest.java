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

/** Access tokens of our own: good ones open the doors, and nothing that is like them. */
class OwnTokensTest {
  private static final Caller ADA =
      Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);

  private static ApiTestServer doors;
  private static ScriptedTokens tokens;

  @BeforeAll
  static void open(@TempDir Path home) {
    doors = ApiTestServer.open(home);
    doors.sides().callers.add(ADA);
    tokens = doors.bean(ScriptedTokens.class);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static HttpResponse<String> ask(String token) {
    return doors.send(
        HttpRequest.newBuilder(doors.uri("/api/v1/status"))
            .header("Authorization", "Bearer " + token)
            .GET());
  }

  @Test
  void aGoodTokenOpensAndABadOneDoesNot() throws JOSEException {
    var bad =
        new BadTokens(
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
    assertThat(ask(bad.good()).statusCode()).isEqualTo(200);
    bad.all()
        .forEach(
            (name, token) -> {
              var answer = ask(token);
              assertThat(answer.statusCode()).as(name).isEqualTo(401);
              assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                  .as(name)
                  .contains("invalid_token");
            });
    assertThat(ask(bad.good()).statusCode()).isEqualTo(200);
  }

  @Test
  void aTokenForAnotherPurposeIsNone() {
    var id = tokens.header().type(JOSEObjectType.JWT).build();
    var token = ScriptedTokens.sign(id, tokens.claims(ADA).build(), tokens.key());
    assertThat(ask(token).statusCode()).isEqualTo(401);
  }

  @Test
  void aTokenOfOverEightKibibytesIsNotLookedAt() {
    var large = tokens.claims(ADA).claim("x", "x".repeat(6_200)).build();
    var token = ScriptedTokens.sign(tokens.header().build(), large, tokens.key());
    assertThat(token.length()).isBetween(8 * 1024 + 1, 14 * 1024);
    assertThat(ask(token).statusCode()).isEqualTo(401);
    var fits = tokens.claims(ADA).claim("x", "x".repeat(5_000)).build();
    var smaller = ScriptedTokens.sign(tokens.header().build(), fits, tokens.key());
    assertThat(ask(smaller).statusCode()).isEqualTo(200);
  }

  @Test
  void aTokenIsOverAtItsTimeThoughItWasVerifiedAMomentAgo() {
    var begun = Date.from(Instant.now().minusSeconds(60));
    var over = Date.from(Instant.now().minusSeconds(2));
    var claims = tokens.claims(ADA).issueTime(begun).expirationTime(over).build();
    var token = ScriptedTokens.sign(tokens.header().build(), claims, tokens.key());
    assertThat(ask(token).statusCode()).isEqualTo(200); // Clocks may differ by five seconds.
    await().untilAsserted(() -> assertThat(ask(token).statusCode()).isEqualTo(401));
  }

  @Test
  void aVerifiedTokenCountsNoLongerThanItsLogin() {
    var bob = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
    doors.sides().callers.add(bob);
    var token = tokens.token(bob);
    assertThat(ask(token).statusCode()).isEqualTo(200);
    doors.sides().callers.remove(bob);
    assertThat(ask(token).statusCode()).isEqualTo(401);
  }

  @Test
  void theCookieCountsWhereNoKeyIsSentAndAnOldOneIsAsGoodAsNone() {
    var request = HttpRequest.newBuilder(doors.uri("/api/v1/status"));
    var cookie = "agentledger=" + tokens.token(ADA);
    assertThat(doors.send(request.copy().header("Cookie", cookie).GET()).statusCode())
        .isEqualTo(200);
    assertThat(doors.send(request.copy().header("Cookie", "agentledger=x.y.z").GET()).statusCode())
        .isEqualTo(401);
    var login =
        HttpRequest.newBuilder(doors.uri("/api/v1/auth/login"))
            .header("Cookie", "agentledger=eyJ.x.z")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(doors.send(login).statusCode()).isEqualTo(400); // And not 401.
  }

  @Test
  void theCookieActsForOurOwnPagesOnly() {
    var open =
        HttpRequest.newBuilder(doors.uri("/api/v1/sessions"))
            .header("Cookie", "agentledger=" + tokens.token(ADA))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(doors.send(open.copy()).statusCode()).isEqualTo(403);
    assertThat(doors.send(open.copy().header("Sec-Fetch-Site", "cross-site")).statusCode())
        .isEqualTo(403);
    assertThat(doors.send(open.copy().header("Sec-Fetch-Site", "same-origin")).statusCode())
        .isEqualTo(201);
  }

  @Test
  void everybodyMayHaveTheKeysThatTokensAreCheckedBy() {
    var keys = doors.send(HttpRequest.newBuilder(doors.uri("/.well-known/jwks.json")).GET());
    assertThat(keys.statusCode()).isEqualTo(200);
    var key = ApiTestServer.json(keys).path("keys").path(0);
    assertThat(key.path("kid").asString()).isEqualTo(tokens.key().getKeyID());
    assertThat(key.has("d")).isFalse();
  }

  @Test
  void withoutASandboxOnlyTheLocalOwnerMayAsk() {
    var token = "Bearer " + tokens.token(ADA);
    var ask =
        HttpRequest.newBuilder(doors.uri("/api/v1/query"))
            .header("Authorization", token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"prompt\": \"hi\"}"));
    var refused = doors.send(ask);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("sandbox_needed");
    var session = doors.openSession();
    var input = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"hi\"}]}";
    var path = "/api/v1/sessions/" + session + "/inputs";
    assertThat(doors.post(path, input).statusCode()).isEqualTo(200);
    var other =
        HttpRequest.newBuilder(doors.uri(path))
            .header("Authorization", token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(input));
    assertThat(doors.send(other).statusCode()).isEqualTo(403);
  }
}
