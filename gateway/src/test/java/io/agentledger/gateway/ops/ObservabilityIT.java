package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.tracing.Tracer;
import io.rsocket.core.RSocketConnector;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.DefaultPayload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Health, statistics, metrics and components of a service that has run a query. */
class ObservabilityIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private static final Pattern ID =
      Pattern.compile("(ses|run|qry|usr|tnt|key|act|tcl|exc)_\\w{8,}");

  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    server = ApiTestServer.openService(home);
    var response = server.post("/api/v1/query/single", "{\"prompt\": \"hello\"}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    requestOverRSocketWithoutAKey();
  }

  private static void requestOverRSocketWithoutAKey() {
    var socket =
        RSocketConnector.create()
            .metadataMimeType(WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString())
            .connect(TcpClientTransport.create("127.0.0.1", server.rsocketPort()))
            .block(TIMEOUT);
    try {
      assertThatThrownBy(() -> socket.requestResponse(DefaultPayload.create("{}")).block(TIMEOUT));
    } finally {
      socket.dispose();
    }
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void everyComponentReportsItsHealth() {
    var response = server.get("/api/v1/admin/health");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var components = new TreeMap<String, String>();
    for (var component : ApiTestServer.json(response).path("components")) {
      assertThat(component.path("message").asString()).endsWith(".");
      components.put(component.path("name").asString(), component.path("status").asString());
    }
    assertThat(components.keySet())
        .containsExactly("cli", "database", "disk", "jobs", "model", "nodes", "processors");
    assertThat(components).doesNotContainValue("down");
    assertThat(components).containsEntry("model", "up").containsEntry("database", "up");
    assertThat(response.body()).contains("last_latency_ms", "processes_max", "lag_events");
  }

  @Test
  void runsOfATenantAreCounted() {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                ApiTestServer.json(server.get("/api/v1/admin/statistics"))
                        .at("/total/runs/completed")
                        .asLong()
                    >= 1);
    assertThat(server.get("/api/v1/admin/statistics?from=2026-02-01&to=2026-01-01").statusCode())
        .isEqualTo(400);
    assertThat(server.get("/api/v1/admin/statistics?from=2020-01-01&to=2026-01-01").statusCode())
        .isEqualTo(400);
    assertThat(server.get("/api/v1/admin/statistics?from=yesterday").statusCode()).isEqualTo(400);
  }

  @Test
  void prometheusReadsTheMetricsOnlyWithAKey() {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(server.get("/actuator/prometheus").body())
                    .contains("agentledger_runs_seconds_count{")
                    .contains("gen_ai_client_token_usage_tokens_sum")
                    .contains("gen_ai_client_operation_duration_seconds_count")
                    .contains("agentledger_commands_seconds_count{")
                    .contains("agentledger_processor_lag_events")
                    .contains("http_server_requests_seconds_count{"));
    for (var path :
        new String[] {
          "/actuator/prometheus",
          "/%61ctuator/prometheus",
          "/actuator;x=1/prometheus",
          "/actuator",
          "/actuator/sbom/application"
        }) {
      var nobody = server.send(HttpRequest.newBuilder(URI.create(server.uri("") + path)).GET());
      assertThat(nobody.statusCode()).as(path).isIn(400, 401, 404);
    }
  }

  @Test
  void tracingIsOffByDefault() {
    assertThat(server.beansOf(Tracer.class)).isEmpty();
  }

  @Test
  void componentsAndLicensesAreServed() {
    var components =
        ApiTestServer.json(server.get("/actuator/sbom/application")).path("components");
    assertThat(components.size()).isGreaterThan(100);
    for (var component : components)
      assertThat(component.path("licenses")).as(component.path("purl").asString()).isNotEmpty();
  }

  /** Returns the tags of the documented meters by name; {@code jvm.*} is a family. */
  private static Map<String, String> documented() throws IOException {
    var text = Files.readString(ApiTestServer.root().resolve("docs/operations.md"));
    var table = text.substring(text.indexOf("## Metrics"));
    int end = table.indexOf("\n## ");
    return table
        .substring(0, end < 0 ? table.length() : end)
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|"))
        .collect(
            Collectors.toMap(
                cells -> cells[1].replace("`", "").strip(),
                cells -> cells[2].replace("`", "").strip()));
  }

  @Test
  void metricsTableMatchesTheRegistry() throws IOException {
    var registry = server.bean(MeterRegistry.class);
    var real = new TreeMap<String, String>();
    for (Meter meter : registry.getMeters())
      real.merge(
          meter.getId().getName(),
          meter.getId().getTags().stream()
              .map(Tag::getKey)
              .sorted()
              .collect(Collectors.joining(", ")),
          (tags, other) -> tags.length() >= other.length() ? tags : other);
    var documented = documented();
    var families =
        documented.keySet().stream().filter(name -> name.endsWith("*")).collect(Collectors.toSet());

    var missing = new TreeSet<String>();
    for (var name : real.keySet())
      if (!documented.containsKey(name)
          && families.stream().noneMatch(family -> isOf(family, name))) missing.add(name);
    assertThat(missing).as("meters that docs/operations.md does not name").isEmpty();

    documented.forEach(
        (name, tags) -> {
          if (families.contains(name))
            assertThat(real.keySet()).as(name).anyMatch(meter -> isOf(name, meter));
          else assertThat(real).as("a documented meter").containsEntry(name, sorted(tags));
        });
  }

  private static boolean isOf(String family, String name) {
    return name.startsWith(family.substring(0, family.length() - 1));
  }

  private static String sorted(String tags) {
    return Arrays.stream(tags.split(","))
        .map(String::strip)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  @Test
  void noTagNamesASessionARunOrAUser() {
    for (Meter meter : server.bean(MeterRegistry.class).getMeters())
      for (Tag tag : meter.getId().getTags())
        assertThat(tag.getValue()).as(meter.getId().toString()).doesNotContainPattern(ID);
  }
}
