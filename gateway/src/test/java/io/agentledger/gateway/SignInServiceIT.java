package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Users sign in over REST and use their tokens until these are revoked or expire. */
class SignInServiceIT {
  private static final Duration REVOKED_WITHIN = Duration.ofSeconds(5);
  private static final String PASSWORD = "correct horse battery staple";
  private static ApiTestServer server;
  private static HttpResponse<String> first;
  private static final List<HttpResponse<String>> THROUGH_PROXY = new ArrayList<>();

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    server = ApiTestServer.openService(home);
    for (var header : List.of("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"))
      THROUGH_PROXY.add(
          server.send(
              plain("/api/v1/auth/register")
                  .header("Content-Type", "application/json")
                  .header(header, "192.0.2.1")
                  .POST(
                      BodyPublishers.ofString(
                          account("mallory@example.org", "Mallory", PASSWORD)))));
    // Must run before any other registration.
    first = register("root@example.org", "Root", PASSWORD);
  }

  private static HttpResponse<String> register(String email, String name, String password) {
    return send("POST", "/api/v1/auth/register", "", account(email, name, password));
  }

  private static String account(String email, String name, String password) {
    return "{\"email\": \"%s\", \"name\": \"%s\", \"password\": \"%s\"}"
        .formatted(email, name, password);
  }

  @Test
  void firstAdminThroughAProxyNeedsTheSetupToken() {
    assertThat(THROUGH_PROXY)
        .hasSize(4)
        .allSatisfy(response -> assertProblem(response, 403, "setup_token_required"));
    assertThat(first.statusCode()).isEqualTo(201);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static HttpRequest.Builder plain(String path) {
    return HttpRequest.newBuilder(server.uri(path)).timeout(Duration.ofSeconds(30));
  }

  private static HttpResponse<String> send(String method, String path, String key, String body) {
    var request = plain(path).header("Content-Type", "application/json");
    if (!key.isEmpty()) request.header("Authorization", "Bearer " + key);
    return server.send(request.method(method, BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> owner(String method, String path, String body) {
    return send(method, path, server.key(), body);
  }

  private static JsonNode ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return ApiTestServer.json(response);
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(ApiTestServer.json(response).path("code").asString()).isEqualTo(code);
  }

  /** A user with the role, who was invited, has joined and signed in. */
  private record TestUser(String id, String email, String access, String refresh) {}

  private static TestUser join(String role) {
    var email = UUID.randomUUID() + "@example.org";
    var body = "{\"email\": \"%s\", \"role\": \"%s\"}".formatted(email, role);
    var invitation = owner("POST", "/api/v1/invitations", body);
    assertThat(invitation.headers().firstValue("Cache-Control")).hasValue("no-store");
    var token = ok(invitation).path("token").asString();
    var accepted =
        ok(
            send(
                "POST",
                "/api/v1/invitations/accept",
                "",
                "{\"token\": \"%s\", \"name\": \"Ada\", \"password\": \"%s\"}"
                    .formatted(token, PASSWORD)));
    var tokens = ok(login(email, PASSWORD));
    assertThat(tokens.path("user_id").asString()).isEqualTo(accepted.path("user_id").asString());
    return new TestUser(
        tokens.path("user_id").asString(),
        email,
        tokens.path("access_token").asString(),
        tokens.path("refresh_token").asString());
  }

  private static HttpResponse<String> login(String email, String password) {
    return send(
        "POST",
        "/api/v1/auth/login",
        "",
        "{\"email\": \"%s\", \"password\": \"%s\"}".formatted(email, password));
  }

  private static HttpResponse<String> me(String key) {
    return send("GET", "/api/v1/auth/me", key, "");
  }

  private static HttpResponse<String> refresh(String token) {
    return send("POST", "/api/v1/auth/refresh", "", "{\"refresh_token\": \"%s\"}".formatted(token));
  }

  private static void assertOutSoon(String key) {
    await()
        .atMost(REVOKED_WITHIN)
        .untilAsserted(() -> assertThat(me(key).statusCode()).isEqualTo(401));
  }

  @Test
  void invitedUserSignsInAndReadsTheirAccount() {
    var ada = join("member");
    var response = login(ada.email().toUpperCase(java.util.Locale.ROOT), PASSWORD);
    var tokens = ok(response);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(tokens.path("token_type").asString()).isEqualTo("Bearer");
    assertThat(tokens.path("expires_in").asInt()).isEqualTo(3600);
    assertThat(Set.of(tokens.path("scope").asString().split(" ")))
        .contains("sessions:read", "sessions:write")
        .doesNotContain("users:write");
    var me = ok(me(ada.access()));
    assertThat(me.path("user").path("id").asString()).isEqualTo(ada.id());
    assertThat(me.path("user").path("email").asString()).isEqualTo(ada.email());
    assertThat(me.path("role").asString()).isEqualTo("member");
    assertThat(ok(send("POST", "/api/v1/sessions", ada.access(), "{}")).path("id").asString())
        .startsWith("ses_");
  }

  @Test
  void invitedUserCannotUseHostDirectories() {
    var ada = join("admin");
    var requested = "{\"workspace\": {\"type\": \"%s\", \"path\": \"/srv\"}}";
    for (var type : List.of("copy", "in_place")) {
      var output = send("POST", "/api/v1/sessions", ada.access(), requested.formatted(type));
      assertProblem(output, 403, "forbidden");
    }
  }

  @Test
  void rejectedLoginHidesItsReason() {
    var ada = join("viewer");
    var wrong = login(ada.email(), "not the password");
    var nobody = login("nobody-" + ada.email(), PASSWORD);
    assertProblem(wrong, 401, "wrong_credentials");
    assertProblem(nobody, 401, "wrong_credentials");
    assertThat(ApiTestServer.json(wrong).path("detail"))
        .isEqualTo(ApiTestServer.json(nobody).path("detail"));
  }

  @Test
  void refreshTokenIsUsedOnceAndLaterReuseEndsTheLogin() {
    var ada = join("member");
    var next = ok(refresh(ada.refresh()));
    assertThat(me(next.path("access_token").asString()).statusCode()).isEqualTo(200);
    // A refresh token of one generation before may be a race.
    assertProblem(refresh(ada.refresh()), 409, "refresh_superseded");
    var third = ok(refresh(next.path("refresh_token").asString()));
    // A refresh token of two generations before indicates a theft.
    assertProblem(refresh(ada.refresh()), 401, "login_expired");
    assertOutSoon(third.path("access_token").asString());
    assertProblem(refresh(third.path("refresh_token").asString()), 401, "login_expired");
  }

  @Test
  void signedOutUserIsRejected() {
    var ada = join("member");
    assertThat(send("POST", "/api/v1/auth/logout", ada.access(), "").statusCode()).isEqualTo(204);
    assertOutSoon(ada.access());
    var again = ok(login(ada.email(), PASSWORD));
    var byRefresh =
        send(
            "POST",
            "/api/v1/auth/logout",
            "",
            "{\"refresh_token\": \"%s\"}".formatted(again.path("refresh_token").asString()));
    assertThat(byRefresh.statusCode()).isEqualTo(204);
    assertOutSoon(again.path("access_token").asString());
    assertProblem(send("POST", "/api/v1/auth/logout", "", ""), 401, "unauthorized");
  }

  @Test
  void allLoginsOfAUserEndTogether() {
    var ada = join("member");
    var phone = ok(login(ada.email(), PASSWORD)).path("access_token").asString();
    var path = "/api/v1/users/" + ada.id() + "/logins";
    await()
        .untilAsserted(
            () -> assertThat(ok(send("GET", path, ada.access(), "")).path("items")).hasSize(2));
    assertThat(send("POST", "/api/v1/auth/logout-all", phone, "").statusCode()).isEqualTo(204);
    assertOutSoon(ada.access());
    assertOutSoon(phone);
  }

  @Test
  void newPasswordReplacesTheOldAndEndsOtherLogins() {
    var ada = join("member");
    var phone = ok(login(ada.email(), PASSWORD)).path("access_token").asString();
    var change = "{\"current_password\": \"%s\", \"new_password\": \"%s\"}";
    var path = "/api/v1/auth/password";
    assertProblem(
        send("POST", path, ada.access(), change.formatted("wrong", "quite another phrase")),
        401,
        "wrong_credentials");
    var shortOne = send("POST", path, ada.access(), change.formatted(PASSWORD, "short"));
    assertProblem(shortOne, 400, "invalid_request");
    assertThat(shortOne.body()).contains("/new_password").doesNotContain(PASSWORD);
    var done = send("POST", path, ada.access(), change.formatted(PASSWORD, "quite another phrase"));
    assertThat(done.statusCode()).as(done.body()).isEqualTo(204);
    assertOutSoon(phone);
    assertThat(me(ada.access()).statusCode()).isEqualTo(200);
    assertProblem(login(ada.email(), PASSWORD), 401, "wrong_credentials");
    ok(login(ada.email(), "quite another phrase"));
  }

  @Test
  void browserCookieCarriesTheAccessToken() {
    var ada = join("viewer");
    var body =
        "{\"email\": \"%s\", \"password\": \"%s\", \"cookie\": true}"
            .formatted(ada.email(), PASSWORD);
    var cookie =
        send("POST", "/api/v1/auth/login", "", body).headers().firstValue("Set-Cookie").orElse("");
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/").startsWith("agentledger=");
    var pair = cookie.substring(0, cookie.indexOf(';'));
    var me = server.send(plain("/api/v1/auth/me").header("Cookie", pair).GET());
    assertThat(ok(me).path("user").path("id").asString()).isEqualTo(ada.id());
    var forged = plain("/api/v1/auth/logout").header("Cookie", pair).POST(BodyPublishers.noBody());
    assertProblem(server.send(forged.copy()), 403, "cross_site_request");
    var own = server.send(forged.copy().header("Sec-Fetch-Site", "same-origin"));
    assertThat(own.statusCode()).isEqualTo(204);
    assertThat(own.headers().firstValue("Set-Cookie").orElse("")).contains("Max-Age=0");
  }

  @Test
  void keyHasItsScopesUntilRotatedOrRevoked() {
    var ada = join("member");
    var body = "{\"name\": \"ci\", \"scopes\": [\"sessions:read\"]}";
    var issued = send("POST", "/api/v1/keys", ada.access(), body);
    assertThat(issued.headers().firstValue("Cache-Control")).hasValue("no-store");
    var id = ok(issued).path("key_id").asString();
    var secret = ok(issued).path("secret").asString();
    assertThat(secret).startsWith(ok(issued).path("prefix").asString());
    assertThat(send("GET", "/api/v1/sessions", secret, "").statusCode()).isEqualTo(200);
    var refused = send("POST", "/api/v1/sessions", secret, "{}");
    assertProblem(refused, 403, "forbidden");
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("insufficient_scope");
    await()
        .untilAsserted(
            () ->
                assertThat(ok(send("GET", "/api/v1/keys", ada.access(), "")).path("items"))
                    .hasSize(1));
    var rotated =
        ok(send("POST", "/api/v1/keys/" + id + "/rotate", ada.access(), ""))
            .path("secret")
            .asString();
    await()
        .atMost(REVOKED_WITHIN)
        .untilAsserted(
            () ->
                assertThat(send("GET", "/api/v1/sessions", secret, "").statusCode())
                    .isEqualTo(401));
    assertThat(send("GET", "/api/v1/sessions", rotated, "").statusCode()).isEqualTo(200);
    assertThat(send("DELETE", "/api/v1/keys/" + id, ada.access(), "").statusCode()).isEqualTo(204);
    await()
        .atMost(REVOKED_WITHIN)
        .untilAsserted(
            () ->
                assertThat(send("GET", "/api/v1/sessions", rotated, "").statusCode())
                    .isEqualTo(401));
  }

  @Test
  void repeatedKeyCreationReturnsTheKeyWithoutItsSecret() {
    var request =
        server
            .request("/api/v1/keys")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString("{\"name\": \"once\"}"));
    var first = ok(server.send(request.copy()));
    var second = server.send(request.copy());
    assertProblem(second, 409, "already_issued");
    assertThat(ApiTestServer.json(second).path("details").path("id").asString())
        .isEqualTo(first.path("key_id").asString());
    assertThat(second.body()).doesNotContain(first.path("secret").asString());
  }

  @Test
  void keyNeverExceedsItsOwnerAndExpires() {
    var ada = join("viewer");
    var more = "{\"name\": \"more\", \"scopes\": [\"sessions:write\"]}";
    assertThat(send("POST", "/api/v1/keys", ada.access(), more).statusCode()).isBetween(400, 409);
    var past =
        "{\"name\": \"past\", \"expires_at\": \"%s\"}".formatted(Instant.now().minusSeconds(60));
    assertThat(send("POST", "/api/v1/keys", ada.access(), past).statusCode()).isBetween(400, 409);
    var soon =
        "{\"name\": \"soon\", \"expires_at\": \"%s\"}".formatted(Instant.now().plusSeconds(4));
    var key = ok(send("POST", "/api/v1/keys", ada.access(), soon)).path("secret").asString();
    assertThat(send("GET", "/api/v1/sessions", key, "").statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(8))
        .untilAsserted(
            () -> assertThat(send("GET", "/api/v1/sessions", key, "").statusCode()).isEqualTo(401));
  }

  @Test
  void agentUsesItsOwnToken() {
    var ada = join("member");
    var session = ok(send("POST", "/api/v1/sessions", ada.access(), "{}"));
    var agent = session.path("agent").path("id").asString();
    var token =
        ok(send(
                "POST",
                "/api/v1/agents/" + agent + "/tokens",
                ada.access(),
                "{\"name\": \"helper\"}"))
            .path("secret")
            .asString();
    var me = ok(me(token));
    assertThat(me.path("role").asString()).isEqualTo("agent");
    assertThat(me.path("actor").asString()).isEqualTo("agent:" + agent);
    assertProblem(send("GET", "/api/v1/users", token, ""), 403, "forbidden");
  }

  @Test
  void disabledUserIsRejectedUntilEnabled() {
    var ada = join("member");
    var key =
        ok(send("POST", "/api/v1/keys", ada.access(), "{\"name\": \"k\"}"))
            .path("secret")
            .asString();
    var path = "/api/v1/users/" + ada.id();
    var disabled = ok(owner("PATCH", path, "{\"disabled\": true, \"name\": \"Ada L.\"}"));
    assertThat(disabled.path("status").asString()).isEqualTo("disabled");
    assertThat(disabled.path("name").asString()).isEqualTo("Ada L.");
    assertOutSoon(ada.access());
    assertOutSoon(key);
    assertProblem(login(ada.email(), PASSWORD), 401, "wrong_credentials");
    ok(owner("PATCH", path, "{\"disabled\": false}"));
    await()
        .atMost(REVOKED_WITHIN)
        .untilAsserted(() -> assertThat(me(key).statusCode()).isEqualTo(200));
  }

  @Test
  void usersAreFoundListedAndGivenOtherRoles() {
    var ada = join("viewer");
    var path = "/api/v1/users/" + ada.id();
    assertThat(ok(owner("GET", path, "")).path("role").asString()).isEqualTo("viewer");
    assertThat(ok(owner("PATCH", path, "{\"role\": \"auditor\"}")).path("role").asString())
        .isEqualTo("auditor");
    await()
        .atMost(REVOKED_WITHIN)
        .untilAsserted(
            () -> assertThat(ok(me(ada.access())).path("role").asString()).isEqualTo("auditor"));
    assertThat(ok(owner("GET", "/api/v1/users?role=auditor&limit=1", "")).path("items")).hasSize(1);
    assertThat(ok(owner("GET", "/api/v1/users?status=disabled&role=agent", "")).path("items"))
        .isEmpty();
    assertThat(owner("GET", "/api/v1/sessions?activity=idle", "").statusCode()).isEqualTo(200);
    assertProblem(owner("PATCH", path, "{}"), 400, "invalid_request");
    assertProblem(send("PATCH", path, ada.access(), "{\"role\": \"admin\"}"), 403, "forbidden");
  }

  @Test
  void resourcesOfAnotherTenantAreNotFound() {
    var founded = ok(owner("POST", "/api/v1/tenants", "{\"name\": \"Acme\"}"));
    var tenant = founded.path("id").asString();
    var email = UUID.randomUUID() + "@example.org";
    var invitation =
        ok(
            owner(
                "POST",
                "/api/v1/invitations",
                "{\"email\": \"%s\", \"role\": \"admin\", \"tenant_id\": \"%s\"}"
                    .formatted(email, tenant)));
    ok(
        send(
            "POST",
            "/api/v1/invitations/accept",
            "",
            "{\"token\": \"%s\", \"name\": \"Eve\", \"password\": \"%s\"}"
                .formatted(invitation.path("token").asString(), PASSWORD)));
    var eve = ok(login(email, PASSWORD)).path("access_token").asString();
    var ada = join("member");
    var session = ok(send("POST", "/api/v1/sessions", ada.access(), "{}")).path("id").asString();
    assertProblem(send("GET", "/api/v1/sessions/" + session, eve, ""), 404, "session_not_found");
    assertProblem(send("GET", "/api/v1/users/" + ada.id(), eve, ""), 404, "user_not_found");
    assertProblem(
        send("PATCH", "/api/v1/users/" + ada.id(), eve, "{\"disabled\": true}"),
        404,
        "user_not_found");
    assertThat(ok(send("GET", "/api/v1/users", eve, "")).path("items")).hasSize(1);
    assertProblem(send("GET", "/api/v1/tenants", eve, ""), 403, "forbidden");
    assertThat(ok(send("GET", "/api/v1/tenants/" + tenant, eve, "")).path("name").asString())
        .isEqualTo("Acme");
    assertThat(
            ok(owner("PATCH", "/api/v1/tenants/" + tenant, "{\"suspended\": true}"))
                .path("suspended")
                .asBoolean())
        .isTrue();
    assertOutSoon(eve);
  }

  @Test
  void newSigningKeyIsPublishedAndOldTokensStayValid() {
    var ada = join("viewer");
    var id = ok(owner("POST", "/api/v1/admin/signing-keys/rotate", "")).path("key_id").asString();
    await()
        .untilAsserted(
            () -> {
              var keys = ok(server.send(plain("/.well-known/jwks.json").GET())).path("keys");
              assertThat(keys).hasSizeGreaterThan(1);
              assertThat(keys.toString()).contains(id).doesNotContain("\"d\"");
            });
    assertThat(me(ada.access()).statusCode()).isEqualTo(200);
    assertProblem(
        send("POST", "/api/v1/admin/signing-keys/rotate", ada.access(), ""), 403, "forbidden");
  }

  @Test
  void registrationClosesOnceAnAdminExistsAndInvalidPasswordsAreNamed() {
    var wrong = register("no address", "Ada", "hunter2hunter2");
    assertProblem(wrong, 400, "invalid_request");
    assertThat(wrong.body()).contains("/email").doesNotContain("hunter2");
    assertThat(ok(first).path("user_id").asString()).startsWith("usr_");
    var admin = ok(login("root@example.org", PASSWORD)).path("access_token").asString();
    assertThat(ok(me(admin)).path("role").asString()).isEqualTo("admin");
    assertProblem(register("late@example.org", "Late", PASSWORD), 403, "registration_closed");
  }
}
