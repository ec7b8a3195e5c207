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
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Health, statistics, metrics and components of a service that has run a query. */
class ObservabilityIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private static final Pattern ID =
      Pattern.compile("(ses|run|qry|usr|tnt|key|act|tcl|exc)_\\w{8,}");

  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)\\})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum)$");

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

  /**
   * Counts transactions that write, without those of an idle service in the same time: claims that
   * processors renew, and checks. On a busy machine a run takes longer, so that they are more.
   */
  @Test
  void shortRunWritesInFewTransactions() {
    var sql = (JdbcClient) server.beansOf(JdbcClient.class).iterator().next();
    var session =
        ApiTestServer.json(server.post("/api/v1/query/single", "{\"prompt\": \"hello\"}"))
            .path("session_id")
            .asString();
    var request = "{\"session_id\": \"" + session + "\", \"prompt\": \"hello\"}";
    int runs = 10;
    var idle = Duration.ofSeconds(20);
    long before = writingTransactions(sql);
    await().timeout(TIMEOUT).pollDelay(idle).until(() -> true);
    double idlePerSecond = (double) (writingTransactions(sql) - before) / idle.toSeconds();

    before = writingTransactions(sql);
    long began = System.nanoTime();
    for (int i = 0; i < runs; i++)
      assertThat(server.post("/api/v1/query/single", request).statusCode()).isEqualTo(200);
    double seconds = (System.nanoTime() - began) / 1e9;
    double writes = writingTransactions(sql) - before - idlePerSecond * seconds;
    assertThat(writes / runs).isBetween(20.0, 45.0);
  }

  private static long writingTransactions(JdbcClient sql) {
    return sql.sql("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        .query(Long.class)
        .single();
  }

  @Test
  void metricsHaveValuesAlsoAfterACollection() {
    var collected = new WeakReference<>(new Object());
    await()
        .timeout(TIMEOUT)
        .until(
            () -> {
              System.gc();
              return collected.get() == null;
            });
    assertThat(server.get("/actuator/prometheus").body())
        .contains("agentledger_jobs")
        .doesNotContain(" NaN");
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
  void healthOfComponentsNeedsNoKeyAndHasNoDetails() {
    var response = server.send(HttpRequest.newBuilder(server.uri("/api/v1/health")).GET());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var health = ApiTestServer.json(response);
    assertThat(health.path("status").asString()).isIn("up", "degraded");
    assertThat(health.path("components"))
        .extracting(component -> component.path("name").asString())
        .containsExactly("cli", "database", "disk", "jobs", "model", "nodes", "processors");
    for (var component : health.path("components"))
      assertThat(component.propertyNames()).containsExactlyInAnyOrder("name", "status");
  }

  @Test
  void auditorReadsTheHealthOfTheServiceAndChangesNothing() {
    var email = "auditor@example.com";
    var invitation =
        server.post("/api/v1/invitations", "{\"email\": \"" + email + "\", \"role\": \"auditor\"}");
    var accepted =
        server.post(
            "/api/v1/invitations/accept",
            "{\"token\": \"%s\", \"name\": \"Eve\", \"password\": \"a password of twelve\"}"
                .formatted(ApiTestServer.json(invitation).path("token").asString()));
    assertThat(accepted.statusCode()).as(accepted.body()).isLessThan(300);
    var login =
        server.post(
            "/api/v1/auth/login",
            "{\"email\": \"" + email + "\", \"password\": \"a password of twelve\"}");
    var token = ApiTestServer.json(login).path("access_token").asString();
    var health = server.send(server.requestAs(token, "/api/v1/admin/health").GET());
    assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
    var replay =
        server.send(
            server
                .requestAs(token, "/api/v1/admin/projections/audit/replay")
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(replay.statusCode()).as(replay.body()).isEqualTo(403);
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
  void loggedEventsAreCountedByLevel() {
    var warnings = server.bean(MeterRegistry.class).get("logback.events").tag("level", "warn");
    var before = warnings.counter().count();
    LoggerFactory.getLogger(ObservabilityIT.class).warn("counted");
    LoggerFactory.getLogger(ObservabilityIT.class).debug("not logged");
    assertThat(warnings.counter().count()).isGreaterThan(before);
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

  /** Type and labels of a metric, as the scrape and the table of the documentation have them. */
  private record Metric(String type, String labels) {
    static Metric of(String type, Collection<String> labels) {
      return new Metric(type, String.join(", ", new TreeSet<>(labels)));
    }
  }

  /** Returns the documented metrics by name; {@code jvm_*} is a family. */
  private static Map<String, Metric> documented() throws IOException {
    var text = Files.readString(ApiTestServer.root().resolve("docs/operations.md"));
    var table = text.substring(text.indexOf("## Metrics"));
    return table
        .substring(0, table.indexOf("\n## "))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.replace("`", "").split("\\|"))
        .collect(
            Collectors.toMap(
                cells -> cells[1].strip(),
                cells ->
                    Metric.of(
                        cells[2].strip(),
                        Stream.of(cells[3].split(","))
                            .map(String::strip)
                            .filter(label -> !label.isEmpty())
                            .toList())));
  }

  /** Returns the metrics of a scrape by name, without the maxima beside timers and summaries. */
  private static Map<String, Metric> scraped() {
    var text = server.get("/actuator/prometheus").body();
    var types = new TreeMap<String, String>();
    for (var type : TYPE.matcher(text).results().toList()) types.put(type.group(1), type.group(2));
    var labels = new TreeMap<String, Set<String>>();
    for (var sample : SAMPLE.matcher(text).results().toList()) {
      var name = sample.group(1);
      var metric = types.containsKey(name) ? name : SUFFIX.matcher(name).replaceFirst("");
      var names = labels.computeIfAbsent(metric, key -> new TreeSet<>());
      if (sample.group(2) != null)
        LABEL.matcher(sample.group(2)).results().forEach(label -> names.add(label.group(1)));
      names.remove("le");
    }
    var metrics = new TreeMap<String, Metric>();
    types.forEach((name, type) -> metrics.put(name, Metric.of(type, labels.get(name))));
    metrics.keySet().removeIf(name -> name.endsWith("_max") && isMaximum(name, types));
    return metrics;
  }

  private static boolean isMaximum(String name, Map<String, String> types) {
    var type = types.get(name.substring(0, name.length() - "_max".length()));
    return "histogram".equals(type) || "summary".equals(type);
  }

  @Test
  void metricsTableMatchesAScrape() throws IOException {
    var documented = documented();
    var families = documented.keySet().stream().filter(name -> name.endsWith("*")).toList();
    var real = new TreeMap<>(scraped());
    for (var family : families) {
      assertThat(real.keySet()).as(family).anyMatch(name -> isOf(family, name));
      real.keySet().removeIf(name -> isOf(family, name));
    }
    documented.keySet().removeAll(families);
    assertThat(real).isEqualTo(new TreeMap<>(documented));
  }

  @Test
  void durationsOfRequestsAndRunsAreHistogramsWithFewBuckets() {
    var scrape = server.get("/actuator/prometheus").body();
    for (var name :
        new String[] {
          "http_server_requests_seconds", "agentledger_runs_seconds", "agentledger_commands_seconds"
        }) {
      assertThat(scrape).contains("# TYPE " + name + " histogram");
      var buckets =
          scrape
              .lines()
              .filter(line -> line.startsWith(name + "_bucket{"))
              .map(line -> line.replaceFirst(".*le=\"([^\"]+)\".*", "$1"))
              .collect(Collectors.toSet());
      assertThat(buckets).as(name).contains("+Inf").hasSizeBetween(10, 15);
    }
  }

  private static boolean isOf(String family, String name) {
    return name.startsWith(family.substring(0, family.length() - 1));
  }

  @Test
  void noTagNamesASessionARunOrAUser() {
    for (Meter meter : server.bean(MeterRegistry.class).getMeters())
      for (Tag tag : meter.getId().getTags())
        assertThat(tag.getValue()).as(meter.getId().toString()).doesNotContainPattern(ID);
  }
}
