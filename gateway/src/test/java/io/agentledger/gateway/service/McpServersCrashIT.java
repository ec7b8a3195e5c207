package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * An MCP server that is registered over REST and used by a session, with the real CLI; a call whose
 * outcome is unknown after the service was killed.
 */
@Tag("exhaustive")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class McpServersCrashIT {
  private static final String CALL =
      """
      Please play this:
      ```rehearsal
      - say: "I charge the card."
        calls:
          - {tool: mcp__shop__charge, input: {}}
      - say: "It said: {{last}}"
      ```
      """;

  private static final Map<String, Object> LOOKUP =
      Map.of(
          "name", "lookup",
          "description", "Looks a word up.",
          "input_schema", Map.of("type", "object"));

  @TempDir static Path directory;
  private static RemoteMcpServer remote;
  private static ServiceProcess service;
  private static RawApiClient rawApiClient;
  private static String shop;

  /** The session whose call the server delays, and the one that waits for its client. */
  private static String calling;

  private static String waiting;
  private static JsonNode action;

  @BeforeAll
  static void killDuringCalls() throws Exception {
    remote = new RemoteMcpServer();
    service =
        ServiceProcess.start(
            directory.resolve("home"),
            "--agentledger.outbound.ports=" + remote.port(),
            "--agentledger.outbound.allowed-networks=127.0.0.0/8");
    rawApiClient = service.client();
    shop = registerShop();
    remote.holdCalls();
    calling = openWithShop();
    rawApiClient.submitQuery(calling, CALL);
    waiting = rawApiClient.open(Map.of("options", Map.of("client_tools", List.of(LOOKUP))));
    rawApiClient.submitQuery(waiting, CALL.replace("mcp__shop__charge", "mcp__client__lookup"));
    await().atMost(Duration.ofSeconds(60)).until(() -> remote.callCount() == 1);
    var path = "/api/v1/sessions/" + waiting;
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> rawApiClient.get(path).path("activity").asString().equals("waiting"));
    action = rawApiClient.get(path).path("pending_actions").get(0);

    service.killForcibly();
    service.start();
  }

  private static String openWithShop() throws Exception {
    return rawApiClient.open(
        Map.of(
            "options",
            Map.of("mcp_servers", List.of(shop), "allowed_tools", List.of("mcp__shop"))));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    remote.close();
    service.close();
  }

  private static String registerShop() throws Exception {
    var vault = rawApiClient.post("/api/v1/vaults", Map.of("name", "shop")).path("id").asString();
    rawApiClient.put(
        "/api/v1/vaults/" + vault + "/secrets/bearer",
        Map.of("type", "static_bearer", "url", remote.url(), "token", RemoteMcpServer.BEARER));
    var headers = Map.of("Authorization", "Bearer ${vault:" + vault + "/bearer}");
    var server =
        rawApiClient.post(
            "/api/v1/mcp-servers",
            Map.of(
                "name",
                "shop",
                "connection",
                Map.of("type", "http", "url", remote.url(), "headers", headers)));
    var path = "/api/v1/mcp-servers/" + server.path("id").asString();
    assertThat(server.path("status").asString()).isEqualTo("unapproved");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !rawApiClient.get(path).path("snapshot").path("digest").isMissingNode());
    var snapshot = rawApiClient.get(path).path("snapshot");
    assertThat(snapshot.at("/tools/0/name").asString()).isEqualTo("charge");
    var approved =
        rawApiClient.post(path + "/approve", Map.of("digest", snapshot.path("digest").asString()));
    assertThat(approved.path("status").asString()).isEqualTo("active");
    return server.path("id").asString();
  }

  private static Stream<JsonNode> eventsNamed(List<JsonNode> record, String event) {
    return record.stream().filter(item -> item.path("event").asString().equals(event));
  }

  /** Must run last, because it stops the service and searches its files. */
  @Test
  @Order(Integer.MAX_VALUE)
  void registeredServersToolIsCalledWithAConfidentialSecret() throws Exception {
    remote.releaseCalls();
    int before = remote.callCount();
    String session = openWithShop();
    rawApiClient.submitQuery(session, CALL);
    var result = rawApiClient.follow(session, 0, type("result")).getLast();

    assertThat(result.path("result").asString()).contains("charge number " + (before + 1));
    assertThat(remote.callCount()).isEqualTo(before + 1);
    assertThat(remote.unauthorizedCount()).isZero();
    var record = rawApiClient.record(session);
    assertThat(eventsNamed(record, "ToolCalled").map(call -> call.path("verdict").asString()))
        .containsExactly("allowed");
    assertThat(eventsNamed(record, "RunInitialized").findFirst().orElseThrow().path("mcp_servers"))
        .hasToString("[{\"name\":\"shop\",\"status\":\"connected\",\"reason\":\"\"}]");
    service.stop();
    assertThat(placesOfTheBearer()).isEmpty();
  }

  /**
   * Returns the files in the home directory and in the directory of runs that contain the token.
   */
  private List<String> placesOfTheBearer() throws IOException {
    var secretEncodings = SecretEncodings.encode("bearer", RemoteMcpServer.BEARER);
    var elsewhere = directory.resolve("home/run.path");
    var roots = new ArrayList<>(List.of(directory));
    if (Files.exists(elsewhere)) roots.add(Path.of(Files.readString(elsewhere).strip()));
    var found = new ArrayList<String>();
    for (var root : roots)
      try (var files = Files.walk(root)) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> !file.endsWith("claude"))
            .forEach(file -> secretEncodings.findIn(file).ifPresent(found::add));
      }
    return found;
  }

  @Test
  void callInterruptedByAKillIsNeverRepeated() throws Exception {
    var result = rawApiClient.follow(calling, 0, type("result")).getLast();
    assertThat(result.path("result").asString()).contains("the outcome of this call is unknown");
    assertThat(remote.callCount()).isEqualTo(1);
    assertThat(eventsNamed(rawApiClient.record(calling), "RunStarted")).hasSize(1);
  }

  @Test
  void clientToolIsAnsweredAfterTheServiceWasKilled() throws Exception {
    rawApiClient.post(
        "/api/v1/sessions/" + waiting + "/inputs",
        Map.of(
            "inputs",
            List.of(
                Map.of(
                    "type",
                    "answer_tool",
                    "action_id",
                    action.path("action_id").asString(),
                    "is_error",
                    false,
                    "output",
                    "a book of accounts"))));
    var result = rawApiClient.follow(waiting, 0, type("result")).getLast();
    assertThat(result.path("result").asString()).contains("a book of accounts");
    assertThat(eventsNamed(rawApiClient.record(waiting), "ClientToolCalled")).hasSize(1);
  }
}
