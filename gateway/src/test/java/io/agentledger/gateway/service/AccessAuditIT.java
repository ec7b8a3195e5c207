package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The access audit as an auditor reads and exports it. */
class AccessAuditIT {
  private static final HttpClient http = HttpClient.newHttpClient();
  private static final JsonMapper json = new JsonMapper();

  @TempDir static Path directory;
  private static Path home;
  private static ApiTestServer service;

  @BeforeAll
  static void start() throws IOException {
    home = directory.resolve("home");
    service = ApiTestServer.openService(home);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static RawApiClient client() {
    return new RawApiClient(service.uri("").toString(), service.key());
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(service.uri(path)).timeout(Duration.ofSeconds(60));
    return http.send(
        headers.length == 0 ? request.build() : request.headers(headers).build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> asOwner(String path)
      throws IOException, InterruptedException {
    return get(path, "X-API-Key", service.key(), "User-Agent", "=cmd|' /C calc'!A0");
  }

  private static List<String> actions(JsonNode page) {
    return StreamSupport.stream(page.path("items").spliterator(), false)
        .map(entry -> entry.path("action").asString())
        .toList();
  }

  @Test
  void userCommandsAreAuditedAndRunEventsAreNot() throws Exception {
    var rawApiClient = client();
    String vault =
        rawApiClient.post("/api/v1/vaults", Map.of("name", "audited")).path("id").asString();
    String session = rawApiClient.open(Map.of());
    rawApiClient.submitQuery(session, "scenario: nonce");
    rawApiClient.follow(session, 0, type("result"));

    assertThat(actions(rawApiClient.get("/api/v1/audit?resource_id=" + session)))
        .containsExactly("QueryIssued", "SessionOpened");
    var entry = rawApiClient.get("/api/v1/audit?resource_id=" + vault).path("items").get(0);
    assertThat(entry.path("action").asString()).isEqualTo("VaultCreated");
    assertThat(entry.path("actor").asString()).startsWith("user:usr_");
    assertThat(entry.path("credential_id").asString()).startsWith("key_");
    assertThat(entry.path("ip").asString()).isEqualTo("127.0.0.1");
    assertThat(entry.path("user_agent").asString()).startsWith("Java-http-client");
    assertThat(entry.path("outcome").asString()).isEqualTo("succeeded");
    assertThat(entry.path("details").path("name").asString()).isEqualTo("audited");
  }

  @Test
  void pagesJoinAndInvalidFiltersAreRejected() throws Exception {
    var rawApiClient = client();
    for (int i = 0; i < 5; i++) rawApiClient.post("/api/v1/vaults", Map.of("name", "v" + i));
    var all = actions(rawApiClient.get("/api/v1/audit?action=VaultCreated&limit=500"));
    var paged = new ArrayList<String>();
    String cursor = "";
    do {
      var page = rawApiClient.get("/api/v1/audit?action=VaultCreated&limit=2" + cursor);
      paged.addAll(actions(page));
      cursor =
          page.path("next_cursor").isNull() ? "" : "&cursor=" + page.path("next_cursor").asString();
    } while (!cursor.isEmpty());
    assertThat(paged).isEqualTo(all).hasSizeGreaterThanOrEqualTo(5);
    for (String wrong :
        List.of(
            "from=yesterday",
            "action=x",
            "resource_type=x",
            "outcome=maybe",
            "actor=",
            "cursor=forged"))
      assertThat(asOwner("/api/v1/audit?" + wrong).statusCode()).as(wrong).isEqualTo(400);
    assertThat(asOwner("/api/v1/audit/export?format=pdf").statusCode()).isEqualTo(400);
  }

  @Test
  void exportIsCompleteAndAudited() throws Exception {
    var rawApiClient = client();
    for (int i = 0; i < 3; i++) rawApiClient.post("/api/v1/vaults", Map.of("name", "=1+1"));
    var lines = asOwner("/api/v1/audit/export?format=ndjson&action=VaultCreated");
    assertThat(lines.headers().firstValue("content-type")).hasValue("application/x-ndjson");
    assertThat(lines.headers().firstValue("content-disposition"))
        .hasValue("attachment; filename=\"audit.ndjson\"");
    var exported = lines.body().lines().map(json::readTree).toList();
    var listed = rawApiClient.get("/api/v1/audit?action=VaultCreated&limit=500").path("items");
    assertThat(exported)
        .isEqualTo(StreamSupport.stream(listed.spliterator(), false).toList())
        .hasSizeGreaterThanOrEqualTo(3);

    var noted = rawApiClient.get("/api/v1/audit?action=AuditExported").path("items").get(0);
    assertThat(noted.path("details").path("format").asString()).isEqualTo("ndjson");
    assertThat(noted.path("details").path("filter").asString()).isEqualTo("action=VaultCreated");
    assertThat(noted.path("user_agent").asString()).startsWith("=cmd");

    String csv = asOwner("/api/v1/audit/export?format=csv").body();
    assertThat(csv).startsWith("\"at\",\"actor\",\"credential_id\"").endsWith("\r\n");
    assertThat(csv).contains(",\"'=cmd|' /C calc'!A0\",").doesNotContain(",\"=");
  }

  private static List<JsonNode> denied() throws IOException, InterruptedException {
    var denied = client().get("/api/v1/audit?outcome=denied&limit=500").path("items");
    return StreamSupport.stream(denied.spliterator(), false).toList();
  }

  @Test
  void denialsAreCounted() throws Exception {
    for (int i = 0; i < 7; i++)
      assertThat(get("/api/v1/sessions/ses_2222222222").statusCode()).isEqualTo(401);
    assertThat(asOwner("/api/v1/vaults/vlt_2222222222").statusCode()).isEqualTo(404);
    service.close(); // Otherwise the test would wait for the end of the minute.
    service = ApiTestServer.openService(home);
    await() // Until the read model is available again.
        .atMost(Duration.ofSeconds(60))
        .until(() -> denied().size() >= 2);
    var entries = denied();
    assertThat(entries)
        .anySatisfy(
            entry -> {
              assertThat(entry.path("resource_id").asString())
                  .isEqualTo("GET /api/v1/sessions/{id}");
              assertThat(entry.path("details").path("reason").asString())
                  .isEqualTo("unauthenticated");
              assertThat(entry.path("count").asLong()).isEqualTo(7);
              assertThat(entry.path("ip").asString()).isEqualTo("127.0.0.1");
              assertThat(entry.path("actor").isNull()).isTrue();
            })
        .anySatisfy(
            entry -> {
              assertThat(entry.path("resource_id").asString()).isEqualTo("GET /api/v1/vaults/{id}");
              assertThat(entry.path("details").path("reason").asString()).isEqualTo("not_found");
              assertThat(entry.path("credential_id").asString()).startsWith("key_");
              assertThat(entry.path("actor").asString()).startsWith("user:usr_");
              assertThat(entry.path("user_agent").asString()).startsWith("=cmd");
              assertThat(entry.path("request_id").asString())
                  .isEqualTo(entry.path("last_request_id").asString())
                  .isNotEmpty();
            });
  }
}
