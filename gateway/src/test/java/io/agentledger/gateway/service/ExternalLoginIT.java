package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Users of an external identity provider, a standard OpenID Connect provider. */
class ExternalLoginIT {
  private static final String OWN_AUDIENCE = "urn:agentledger";
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path directory;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static OidcProvider provider;
  private static ApiTestServer service;
  private static RawApiClient owner;

  @BeforeAll
  static void start() throws Exception {
    provider = OidcProvider.start();
    var home = directory.resolve("home");
    String tenant;
    try (var first = ApiTestServer.openService(home)) {
      tenant = client(first).get("/api/v1/auth/me").path("tenant").path("id").asString();
    }
    var issuer = "--agentledger.identity.issuers[0].";
    service =
        ApiTestServer.openService(
            home,
            issuer + "issuer-uri=" + provider.issuer(),
            issuer + "audiences=agentledger",
            issuer + "tenant-id=" + tenant,
            issuer + "role-claim=groups",
            issuer + "role-mapping.staff=member",
            issuer + "role-mapping.chiefs=admin");
    owner = client(service);
  }

  private static RawApiClient client(ApiTestServer service) {
    return new RawApiClient(service.uri("").toString(), service.key());
  }

  @AfterAll
  static void stop() throws Exception {
    if (service != null) service.close();
    provider.close();
  }

  private static HttpResponse<String> send(String method, String path, String token, String body)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(service.uri(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static JsonNode me(String token) throws Exception {
    var response = send("GET", "/api/v1/auth/me", token, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static int status(String token) throws Exception {
    return send("GET", "/api/v1/auth/me", token, "").statusCode();
  }

  @Test
  void userOfTheProviderIsProvisionedOnce() throws Exception {
    var me = me(provider.accessToken("bob", OWN_AUDIENCE));
    assertThat(me.path("role").asString()).isEqualTo("member");
    assertThat(me.path("user").path("issuer").asString()).isEqualTo(provider.issuer());
    assertThat(me.path("user").path("name").asString()).isEqualTo("bob of the provider");
    assertThat(me.path("user").path("email").asString()).isEqualTo("bob@provider.example");
    var again = provider.accessToken("bob", OWN_AUDIENCE);
    assertThat(me(again).path("user").path("id")).isEqualTo(me.path("user").path("id"));
    assertThat(send("POST", "/api/v1/sessions", again, "{}").statusCode()).isEqualTo(201);
    assertThat(me(provider.accessToken("ada", OWN_AUDIENCE)).path("role").asString())
        .isEqualTo("admin");
  }

  @Test
  void rejectsTokensForOthersOrWithoutARole() throws Exception {
    assertThat(status(provider.accessToken("bob", "urn:another"))).isEqualTo(401);
    assertThat(status(provider.accessToken("mallory", OWN_AUDIENCE))).isEqualTo(401);
  }

  @Test
  void disabledUserIsRejectedWhateverTheProviderSays() throws Exception {
    var token = provider.accessToken("ada", OWN_AUDIENCE);
    var id = me(token).path("user").path("id").asString();
    owner.patch("/api/v1/users/" + id, "{\"disabled\": true}");
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(status(token)).isEqualTo(401));
    assertThat(status(provider.accessToken("ada", OWN_AUDIENCE))).isEqualTo(401);
    owner.patch("/api/v1/users/" + id, "{\"disabled\": false}");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(status(token)).isEqualTo(200));
  }

  @Test
  void keyRotationOfTheProviderIsFollowed() throws Exception {
    var before = provider.accessToken("bob", OWN_AUDIENCE);
    assertThat(status(before)).isEqualTo(200);
    provider.rotate();
    var after = provider.accessToken("bob", OWN_AUDIENCE);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(status(after)).isEqualTo(200));
  }
}
