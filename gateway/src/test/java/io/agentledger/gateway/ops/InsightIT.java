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

/** What operators see of the whole house once it has worked. */
class InsightIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private static final Pattern ID =
      Pattern.compile("(ses|run|qry|usr|tnt|key|act|tcl|exc)_\\w{8,}");

  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    doors = ApiTestServer.house(home);
    var answer = doors.post("/api/v1/query/single", "{\"prompt\": \"hello\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    knockOnRSocketWithoutAKey();
  }

  private static void knockOnRSocketWithoutAKey() {
    var socket =
        RSocketConnector.create()
            .metadataMimeType(WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString())
            .connect(TcpClientTransport.create("127.0.0.1", doors.rsocketPort()))
            .block(TIMEOUT);
    try {
      assertThatThrownBy(() -> socket.requestResponse(DefaultPayload.create("{}")).block(TIMEOUT));
    } finally {
      socket.dispose();
    }
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  @Test
  void everyPartOfTheServiceSaysHowItIs() {
    var answer = doors.get("/api/v1/admin/health");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var parts = new TreeMap<String, String>();
    for (var part : ApiTestServer.json(answer).path("parts")) {
      assertThat(part.path("message").asString()).endsWith(".");
      parts.put(part.path("name").asString(), part.path("condition").asString());
    }
    assertThat(parts.keySet())
        .containsExactly("cli", "database", "disk", "jobs", "model", "nodes", "processors");
    assertThat(parts).doesNotContainValue("broken");
    assertThat(parts).containsEntry("model", "good").containsEntry("database", "good");
    assertThat(answer.body()).contains("last_latency_millis", "processes_max", "lag_events");
  }

  @Test
  void aTenantsRunsAreCounted() {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                ApiTestServer.json(doors.get("/api/v1/admin/statistics"))
                        .at("/total/runs/completed")
                        .asLong()
                    >= 1);
    assertThat(doors.get("/api/v1/admin/statistics?from=2026-02-01&to=2026-01-01").statusCode())
        .isEqualTo(400);
    assertThat(doors.get("/api/v1/admin/statistics?from=2020-01-01&to=2026-01-01").statusCode())
        .isEqualTo(400);
    assertThat(doors.get("/api/v1/admin/statistics?from=yesterday").statusCode()).isEqualTo(400);
  }

  @Test
  void prometheusReadsTheMetersWithAKeyAndNobodyElse() {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(doors.get("/actuator/prometheus").body())
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
      var nobody = doors.send(HttpRequest.newBuilder(URI.create(doors.uri("") + path)).GET());
      assertThat(nobody.statusCode()).as(path).isIn(400, 401, 404);
    }
  }

  @Test
  void nobodyTracesUnlessToldSo() {
    assertThat(doors.beansOf(Tracer.class)).isEmpty();
  }

  @Test
  void whatTheServiceConsistsOfIsServedWithItsLicences() {
    var parts = ApiTestServer.json(doors.get("/actuator/sbom/application")).path("components");
    assertThat(parts.size()).isGreaterThan(100);
    for (var part : parts)
      assertThat(part.path("licenses")).as(part.path("purl").asString()).isNotEmpty();
  }

  /** The tags of the documented meters, by name; {@code jvm.*} stands for a family. */
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
  void theTableOfMetricsIsTheRegistrys() throws IOException {
    var registry = doors.bean(MeterRegistry.class);
    var real = new TreeMap<String, String>();
    for (Meter meter : registry.getMeters())
      real.merge(
          meter.getId().getName(),
          meter.getId().getTags().stream()
              .map(Tag::getKey)
              .sorted()
              .collect(Collectors.joining(", ")),
          (one, other) -> one.length() >= other.length() ? one : other);
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
  void noTagNamesASessionARunOrAPerson() {
    for (Meter meter : doors.bean(MeterRegistry.class).getMeters())
      for (Tag tag : meter.getId().getTags())
        assertThat(tag.getValue()).as(meter.getId().toString()).doesNotContainPattern(ID);
  }
}
