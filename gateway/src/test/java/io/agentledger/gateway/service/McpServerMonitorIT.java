package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** MCP servers are checked at an interval, whether or not a client asks for a check. */
class McpServerMonitorIT {
  private static final String PATH = "/api/v1/mcp-servers";

  @TempDir Path home;

  private RemoteMcpServer remote;
  private ApiTestServer service;

  @BeforeEach
  void start() throws IOException {
    remote = new RemoteMcpServer();
    service =
        ApiTestServer.openService(
            home,
            "--agentledger.mcp.check-interval=1s",
            "--agentledger.outbound.ports=" + remote.port(),
            "--agentledger.outbound.allowed-networks=127.0.0.0/8");
  }

  @AfterEach
  void stop() {
    service.close();
    remote.close();
  }

  private String registered() {
    var vault = ApiTestServer.json(service.post("/api/v1/vaults", "{\"name\": \"v\"}"));
    var secrets = "/api/v1/vaults/" + vault.path("id").asString() + "/secrets/bearer";
    var secret =
        "{\"type\": \"static_bearer\", \"url\": \"%s\", \"token\": \"%s\"}"
            .formatted(remote.url(), RemoteMcpServer.BEARER);
    service.send(
        service
            .request(secrets)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(secret)));
    var server =
        """
        {"name": "shop", "limits": {"call_timeout_seconds": 2},
         "connection": {"type": "http", "url": "%s",
           "headers": {"Authorization": "Bearer ${vault:%s/bearer}"}}}"""
            .formatted(remote.url(), vault.path("id").asString());
    return PATH + "/" + ApiTestServer.json(service.post(PATH, server)).path("id").asString();
  }

  private JsonNode view(String server) {
    return ApiTestServer.json(service.get(server));
  }

  private static Instant instantOf(JsonNode view, String field) {
    return Instant.parse(view.path(field).asString());
  }

  @Test
  void failureOfAServerIsDetectedByThePeriodicCheck() {
    var server = registered();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> view(server).path("snapshot").path("digest").isString());
    var found = view(server);
    assertThat(found.at("/limits/call_timeout_seconds").asLong()).isEqualTo(2);
    assertThat(found.at("/limits/response_timeout_seconds").isNull()).isTrue();
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> instantOf(view(server), "checked_at").isAfter(instantOf(found, "checked_at")));
    // An unchanged result is not recorded.
    assertThat(view(server).path("updated_at")).isEqualTo(found.path("updated_at"));
    remote.close();
    // A check that is in progress when the server stops fails with another error; the next one
    // cannot connect.
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () -> view(server).path("failure").asString(""),
            "its address cannot be reached: the connection was refused"::equals);
  }
}
