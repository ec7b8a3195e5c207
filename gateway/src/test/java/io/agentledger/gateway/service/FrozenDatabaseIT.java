package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.hasEventName;
import static io.agentledger.gateway.service.RawApiClient.type;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * PostgreSQL is stopped ({@code SIGSTOP}) during requests and a run, and continued: it accepts
 * connections and does not respond. It is stopped once, for longer than the timeout of any request.
 */
@Tag("exhaustive")
class FrozenDatabaseIT {
  private static final int CLIENTS = 30;
  private static final Duration REQUEST_MAX = Duration.ofSeconds(10);

  /** Default timeout of a liveness probe of Kubernetes. */
  private static final Duration LIVENESS_MAX = Duration.ofSeconds(1);

  private static final Duration READINESS_MAX = Duration.ofSeconds(3);
  private static final Duration HEALTH_MAX = Duration.ofSeconds(5);
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path directory;

  private static final HttpClient http = HttpClient.newHttpClient();
  private static final List<TimedResponse> liveness = new ArrayList<>();
  private static final List<TimedResponse> readiness = new ArrayList<>();
  private static final List<TimedResponse> health = new ArrayList<>();
  private static final List<TimedResponse> requests = new ArrayList<>();
  private static ApiTestServer service;
  private static RawApiClient client;
  private static List<ProcessHandle> frozen = List.of();
  private static String running;
  private static long frozenNanos;
  private static Instant frozenAt;
  private static Instant continuedAt;

  /** Time of a task's schedule, at which the database does not respond. */
  private static Instant dueAt;

  /** The path of the task's executions. */
  private static String executions;

  /** A response with the times of its request and its arrival. */
  private record TimedResponse(HttpResponse<String> response, long startNanos, long endNanos) {
    /** Returns the duration of a request while the database did not respond. */
    Duration took() {
      return Duration.ofNanos(Math.min(endNanos - startNanos, endNanos - frozenNanos));
    }

    JsonNode body() {
      return JSON.readTree(response.body());
    }
  }

  @BeforeAll
  static void freezeDuringWork() throws Exception {
    service = ApiTestServer.openService(directory.resolve("home"));
    client = new RawApiClient(service.uri("").toString(), service.key());
    running = client.open(Map.of());
    client.submitQuery(running, "scenario: slow-text");
    client.follow(running, 0, item -> item.path("text").asString("").contains("piece 3"));

    scheduleTask();
    // Some of them are waiting for the database when it is stopped.
    var underWay = sendRequests();
    freeze();
    underWay.addAll(sendRequests());
    probe();
    for (var request : underWay) requests.add(request.join());
    var late = sendRequests(); // All connections of the pools are in use now.
    probe();
    for (var request : late) requests.add(request.join());
    continuedAt = Instant.now();
    signal("CONT");
  }

  private static void scheduleTask() throws Exception {
    dueAt = Instant.now().plusSeconds(5).truncatedTo(ChronoUnit.MILLIS);
    var schedule = Map.of("type", "once", "at", dueAt.toString(), "missed_runs", "run_once");
    var task = Map.of("name", "Due", "prompt", "scenario: text", "schedule", schedule);
    var id = client.post("/api/v1/tasks", task).path("id").asString();
    executions = "/api/v1/tasks/" + id + "/executions";
  }

  @AfterAll
  static void stop() throws Exception {
    signal("CONT");
    try {
      awaitReadiness();
      client.follow(running, 0, type("result")); // Otherwise it would continue without the service.
    } finally {
      service.close();
    }
  }

  private static void freeze() throws Exception {
    var server = new CrashTargets(directory.resolve("home")).postgres().orElseThrow();
    frozen = List.of(server);
    frozenNanos = System.nanoTime();
    signal("STOP"); // It starts no other run.
    frozen = Stream.concat(Stream.of(server), server.descendants()).toList();
    signal("STOP");
    frozenAt = Instant.now();
  }

  private static void signal(String name) throws Exception {
    if (frozen.isEmpty()) return;
    var line = new ArrayList<>(List.of("kill", "-" + name));
    frozen.stream().filter(ProcessHandle::isAlive).forEach(p -> line.add(Long.toString(p.pid())));
    new ProcessBuilder(line).start().waitFor();
  }

  private static void probe() throws Exception {
    liveness.add(send(request("/actuator/health/liveness")).join());
    readiness.add(send(request("/actuator/health/readiness")).join());
    health.add(send(request("/api/v1/admin/health")).join());
  }

  /** Sends reads and writes; the n-th write always has the same key. */
  private static List<CompletableFuture<TimedResponse>> sendRequests() {
    var sent = new ArrayList<CompletableFuture<TimedResponse>>();
    for (int n = 0; n < CLIENTS; n++) {
      sent.add(send(request("/api/v1/sessions?limit=5")));
      sent.add(send(write(n)));
    }
    return sent;
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(service.uri(path))
        .header("Authorization", "Bearer " + service.key())
        .timeout(Duration.ofMinutes(2));
  }

  private static HttpRequest.Builder write(int n) {
    return request("/api/v1/sessions")
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", "frozen-" + n)
        .POST(BodyPublishers.ofString("{}"));
  }

  private static CompletableFuture<TimedResponse> send(HttpRequest.Builder request) {
    long start = System.nanoTime();
    return http.sendAsync(request.build(), BodyHandlers.ofString())
        .thenApply(response -> new TimedResponse(response, start, System.nanoTime()));
  }

  @Test
  void livenessAnswersAtOnceWhateverCredentialIsSent() {
    assertThat(liveness)
        .allSatisfy(
            probe -> {
              assertThat(probe.response().statusCode()).isEqualTo(200);
              assertThat(probe.took()).isLessThan(LIVENESS_MAX);
            });
  }

  @Test
  void readinessNamesTheDatabaseWithinItsBound() {
    assertThat(readiness)
        .allSatisfy(
            probe -> {
              assertThat(probe.response().statusCode()).isEqualTo(503);
              assertThat(probe.body().at("/components/db/status").asString()).isEqualTo("DOWN");
              assertThat(probe.took()).isLessThan(READINESS_MAX);
            });
  }

  @Test
  void healthNamesTheDatabaseWithinItsBound() {
    assertThat(health)
        .allSatisfy(
            probe -> {
              assertThat(probe.body().path("components"))
                  .filteredOn(part -> part.path("name").asString().equals("database"))
                  .extracting(part -> part.path("status").asString())
                  .containsExactly("down");
              assertThat(probe.took()).isLessThan(HEALTH_MAX);
            });
  }

  @Test
  void requestsAreAnsweredWithinTheirBound() {
    assertThat(requests).allSatisfy(request -> assertThat(request.took()).isLessThan(REQUEST_MAX));
    var failed = requests.stream().filter(r -> r.response().statusCode() >= 300).toList();
    assertThat(failed)
        .hasSizeGreaterThanOrEqualTo(2 * CLIENTS)
        .allSatisfy(
            request -> {
              assertThat(request.response().statusCode()).isEqualTo(503);
              assertThat(request.body().path("code").asString()).isEqualTo("database_unavailable");
              assertThat(request.response().headers().firstValue("Content-Type"))
                  .hasValue("application/problem+json");
              assertThat(request.response().headers().firstValue("Retry-After")).isPresent();
            });
  }

  @Test
  void repeatedWritesAreCarriedOutOnce() throws Exception {
    awaitReadiness();
    var ids = new ArrayList<String>();
    for (int n : IntStream.range(0, CLIENTS).toArray()) {
      var first = send(write(n)).join();
      assertThat(first.response().statusCode()).as(first.response().body()).isEqualTo(201);
      assertThat(send(write(n)).join().body().path("id")).isEqualTo(first.body().path("id"));
      ids.add(first.body().path("id").asString());
    }
    assertThat(ids).doesNotHaveDuplicates();
    var listed = new ArrayList<String>();
    client
        .get("/api/v1/sessions?limit=100")
        .path("items")
        .forEach(
            session -> {
              if (!session.at("/origin/type").asString("").equals("task"))
                listed.add(session.path("id").asString());
            });
    assertThat(listed).containsAll(ids).hasSize(CLIENTS + 1); // Including the running one.
  }

  @Test
  void taskThatWasDueMeanwhileIsExecutedOnce() throws Exception {
    assertThat(dueAt).isBetween(frozenAt, continuedAt);
    awaitReadiness();
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(client.get(executions).path("items"))
                    .extracting(execution -> execution.path("status").asString())
                    .containsExactly("succeeded"));
    var execution = client.get(executions).at("/items/0");
    assertThat(execution.path("attempts")).hasSize(1);
    assertThat(Instant.parse(execution.at("/trigger/scheduled_at").asString())).isEqualTo(dueAt);
  }

  @Test
  void runGoesOnAndEndsWithOneResult() throws Exception {
    awaitReadiness();
    client.follow(running, 0, type("result"));
    List<JsonNode> record = client.record(running);
    assertThat(record.stream().map(item -> item.path("sequence").asLong()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, record.size()).boxed().toList());
    assertThat(record.stream().filter(hasEventName("RunFailed"))).isEmpty();
    assertThat(record.stream().filter(hasEventName("RunStarted"))).hasSize(1);
    JsonNode result = record.stream().filter(type("result")).toList().getFirst();
    assertThat(record.stream().filter(type("result"))).hasSize(1);
    assertThat(result.path("result").asString()).contains("piece 1.", "piece 60.");
  }

  private static void awaitReadiness() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> client.status("/actuator/health/readiness") == 200);
  }
}
