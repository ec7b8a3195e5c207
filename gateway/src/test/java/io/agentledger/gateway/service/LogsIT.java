package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Output of a service in its own process. */
class LogsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PROMPT = "kingfisher-9054";
  private static final String REQUEST = "req-of-the-log-test";

  private static void submitQuery(ServiceProcess service, String key) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(service.address() + "/api/v1/query/single"))
              .timeout(TIMEOUT)
              .header("Authorization", "Bearer " + key)
              .header("Content-Type", "application/json")
              .header("X-Request-ID", REQUEST)
              .POST(BodyPublishers.ofString("{\"prompt\": \"" + PROMPT + "\"}"));
      var response = client.send(request.build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
  }

  private static List<String> lines(ServiceProcess service) {
    try {
      return Files.readAllLines(service.log());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonNode awaitEnd(ServiceProcess service) {
    return await()
        .atMost(TIMEOUT)
        .until(
            () ->
                lines(service).stream()
                    .filter(line -> line.startsWith("{"))
                    .map(JSON::readTree)
                    .filter(line -> line.path("message").asString("").equals("run ended"))
                    .findFirst()
                    .orElse(JSON.missingNode()),
            line -> !line.isMissingNode());
  }

  @Test
  void jsonLogLinesHaveTheContextFieldsAndNoContent(@TempDir Path folder) throws Exception {
    var home = folder.resolve("home");
    try (var service = ServiceProcess.start(home, "--spring.profiles.active=json-logs")) {
      var key = Files.readString(home.resolve("owner.key")).strip();
      submitQuery(service, key);
      var line = awaitEnd(service);
      assertThat(line.at("/ecs/version").asString()).isNotEmpty();
      assertThat(line.at("/log/level").asString()).isEqualTo("INFO");
      assertThat(line.at("/service/name").asString()).isEqualTo("agentledger");
      assertThat(line.path("@timestamp").asString()).isNotEmpty();
      assertThat(line.path("correlationId").asString()).isEqualTo(REQUEST);
      assertThat(line.path("tenantId").asString()).startsWith("tnt_");
      assertThat(line.path("runId").asString()).startsWith("run_");
      assertThat(line.path("outcome").asString()).isEqualTo("completed");
      assertThat(lines(service))
          // The line with the service's address.
          .filteredOn(text -> !text.startsWith("Agentledger "))
          .filteredOn(text -> !text.startsWith("WARNING: ")) // From the JVM.
          .allMatch(text -> text.startsWith("{"));
      assertThat(String.join("\n", lines(service))).doesNotContain(PROMPT).doesNotContain(key);
    }
  }
}
