package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.hasEventName;
import static io.agentledger.gateway.service.RawApiClient.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.service.EventReceiver.ReceivedEvent;
import io.agentledger.store.NpmPackages;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Subscriptions of the whole service, with real receivers. All requests are verified by the npm
 * package of Standard Webhooks. The last test kills the service.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SubscriptionServiceIT {
  private static final String PATH = "/api/v1/subscriptions";
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final int LAST = 1000;

  /** Longest delay of a delivery while another target does not respond; usually 0.5 s. */
  private static final Duration DELAY_MAX = Duration.ofSeconds(5);

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path directory;
  private static ServiceProcess service;
  private static RawApiClient api;
  private static EventReceiver receiver;

  /** Accepts connections in its backlog and never responds. */
  private static ServerSocket deadTarget;

  @BeforeAll
  static void open() throws Exception {
    receiver = new EventReceiver();
    deadTarget = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    service =
        ServiceProcess.start(
            directory.resolve("home"),
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.outbound.ports=" + receiver.port() + "," + deadTarget.getLocalPort());
    api = service.client();
  }

  @AfterAll
  static void close() throws Exception {
    service.close();
    receiver.close();
    deadTarget.close();
  }

  private static JsonNode subscribe(String path, String... eventTypes) throws Exception {
    return api.post(
        PATH,
        Map.of(
            "name",
            path,
            "event_types",
            List.of(eventTypes),
            "url",
            receiver.url(path),
            "timeout_seconds",
            30));
  }

  private static String id(JsonNode subscription) {
    return subscription.path("id").asString();
  }

  private static String run(String prompt) throws Exception {
    var session = api.open(Map.of());
    api.submitQuery(session, prompt);
    return session;
  }

  private static ReceivedEvent awaitEvent(String path, String type) {
    await()
        .atMost(TIMEOUT)
        .until(() -> receiver.events(path).stream().anyMatch(event -> event.hasType(type)));
    return receiver.events(path).stream()
        .filter(event -> event.hasType(type))
        .findFirst()
        .orElseThrow();
  }

  private static void assertGenuine(JsonNode subscription, String path) throws Exception {
    var folder = ApiTestServer.root().resolve("gateway/src/test/js");
    NpmPackages.install(folder);
    var requests = new ArrayList<Map<String, Object>>();
    for (var event : receiver.events(path))
      requests.add(
          Map.of(
              "secret",
              subscription.path("signing_secret").asString(),
              "headers",
              event.headers(),
              "body",
              event.body()));
    assertThat(requests).isNotEmpty();
    var node =
        new ProcessBuilder("node", "verify-webhooks.js")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try (var input = node.getOutputStream()) {
      input.write(JSON.writeValueAsBytes(requests));
    }
    var output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output.strip()).isEqualTo(String.valueOf(requests.size()));
  }

  @Test
  void itemsOfTheStreamArriveInOrderAsSignedCloudEvents() throws Exception {
    var subscription = subscribe("items", "run.*", "message.received");
    var session = run("scenario: text");
    api.follow(session, 0, type("result"));
    awaitEvent("items", "run.completed");

    var events = receiver.events("items");
    var items = api.record(session);
    var sequences = new ArrayList<Long>();
    for (var event : events) {
      var envelope = event.json();
      assertThat(envelope.path("specversion").asString()).isEqualTo("1.0");
      assertThat(envelope.path("source").asString()).isEqualTo("/api/v1/sessions/" + session);
      var data = envelope.path("data");
      long sequence = data.path("sequence").asLong();
      sequences.add(sequence);
      assertThat(data).isEqualTo(items.get((int) sequence - 1));
      assertThat(envelope.path("subject").asString()).isEqualTo(data.path("run_id").asString());
      assertThat(envelope.path("time")).isEqualTo(data.path("at"));
    }
    assertThat(sequences).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(2);
    assertGenuine(subscription, "items");

    var log = api.get(PATH + "/" + id(subscription) + "/deliveries?event_type=run.completed");
    assertThat(log.path("items")).hasSize(1);
    var delivery = log.at("/items/0/id").asString();
    assertThat(awaitEvent("items", "run.completed").headers().get("webhook-id"))
        .isEqualTo(delivery);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(
                        api.get(PATH + "/" + id(subscription) + "/deliveries/" + delivery)
                            .at("/attempts/0/http_status")
                            .asInt())
                    .isEqualTo(204));
    api.post(PATH + "/" + id(subscription) + "/deliveries/" + delivery + "/redeliver", Map.of());
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                receiver.events("items").stream()
                        .filter(event -> delivery.equals(event.headers().get("webhook-id")))
                        .count()
                    == 2);
  }

  @Tag("exhaustive")
  @Test
  void deadTargetDelaysNobodyElse() throws Exception {
    var alive = subscribe("alive", "run.completed");
    var dead =
        api.post(
            PATH,
            Map.of(
                "name",
                "dead",
                "event_types",
                List.of("*"),
                "url",
                "http://127.0.0.1:" + deadTarget.getLocalPort() + "/",
                "timeout_seconds",
                30));
    var delays = new ArrayList<Duration>();
    for (int i = 0; i < 4; i++) {
      var session = run("scenario: text");
      var result = api.follow(session, 0, type("result")).getLast();
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  receiver.events("alive").stream()
                      .anyMatch(event -> event.body().contains(session)));
      var received =
          receiver.events("alive").stream()
              .filter(event -> event.body().contains(session))
              .findFirst()
              .orElseThrow();
      delays.add(Duration.between(Instant.parse(result.path("at").asString()), received.at()));
    }
    System.out.println("delays of deliveries beside a dead target: " + delays);
    assertThat(delays).allMatch(delay -> delay.compareTo(DELAY_MAX) < 0);
    var pending = api.get(PATH + "/" + id(dead) + "/deliveries?status=pending");
    assertThat(pending.path("items")).isNotEmpty();
    api.delete(PATH + "/" + id(dead));
    api.delete(PATH + "/" + id(alive));
  }

  @Test
  void executionsThatWaitAndReportsArrive() throws Exception {
    var subscription = subscribe("work", "execution.*", "question.asked", "report.completed");
    var task = api.post("/api/v1/tasks", Map.of("name", "ask", "prompt", "scenario: question"));
    var execution =
        api.post("/api/v1/tasks/" + task.path("id").asString() + "/run", Map.of())
            .path("id")
            .asString();
    var waiting = awaitEvent("work", "execution.waiting").json();
    assertThat(waiting.path("source").asString()).isEqualTo("/api/v1/executions/" + execution);
    assertThat(waiting.at("/data/task_id")).isEqualTo(task.path("id"));
    var question = awaitEvent("work", "question.asked").json();
    assertThat(question.at("/data/type").asString()).isEqualTo("question");
    assertThat(question.at("/data/phase").asString()).isEqualTo("asked");

    var report =
        api.post(
            "/api/v1/reports",
            Map.of(
                "type", "session_activity",
                "format", "json",
                "session_id", question.at("/data/session_id").asString()));
    var completed = awaitEvent("work", "report.completed").json();
    var id = report.path("id").asString();
    var data = completed.path("data");
    assertThat(data.path("id").asString()).isEqualTo(id);
    assertThat(data.path("type").asString()).isEqualTo("session_activity");
    assertThat(data.path("format").asString()).isEqualTo("json");
    assertThat(data.path("bytes").asLong()).isPositive();
    assertThat(data.path("sha256").asString()).hasSize(64);
    assertThat(data.path("download_path").asString())
        .isEqualTo("/api/v1/reports/" + id + "/download");
    api.post("/api/v1/executions/" + execution + "/cancel", Map.of());
    awaitEvent("work", "execution.cancelled");
    assertGenuine(subscription, "work");
  }

  @Test
  void goneTargetDisablesAndItsOwnerIsNotified() throws Exception {
    receiver.respond("gone", 410);
    var gone = subscribe("gone", "session.opened");
    subscribe("notified", "subscription.disabled");
    api.open(Map.of());
    var notification = awaitEvent("notified", "subscription.disabled").json();
    assertThat(notification.at("/data/id")).isEqualTo(gone.path("id"));
    assertThat(notification.at("/data/disable_reason").asString()).isEqualTo("gone");
    var path = PATH + "/" + id(gone);
    assertThat(api.get(path).path("status").asString()).isEqualTo("disabled");
    assertThat(api.post(path + "/resume", Map.of()).path("status").asString()).isEqualTo("active");
    receiver.respond("gone", 204);
    var before = receiver.events("gone").size();
    api.open(Map.of());
    await().atMost(TIMEOUT).until(() -> receiver.events("gone").size() > before);
    api.delete(path);
  }

  @Test
  void testRequestReturnsItsOutcome() throws Exception {
    var subscription = subscribe("tested", "report.failed");
    var path = PATH + "/" + id(subscription) + "/test";
    assertThat(api.post(path, Map.of()).path("http_status").asInt()).isEqualTo(204);
    assertThat(receiver.events("tested").getFirst().hasType("subscription.test")).isTrue();
    assertGenuine(subscription, "tested");
    receiver.respond("tested", 500);
    var failed = api.post(path, Map.of());
    assertThat(failed.path("accepted").asBoolean()).isFalse();
    assertThat(failed.path("failure").asString()).contains("500");
    assertThat(api.get(PATH + "/" + id(subscription)).path("signing_secret").isNull()).isTrue();
  }

  @Test
  void impossibleSubscriptionsAreRefusedWithTheCure() throws Exception {
    var unknown =
        api.send(
            "POST",
            PATH,
            Map.of("name", "a", "event_types", List.of("run.done"), "url", receiver.url("a")));
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("/event_types/0", "run.completed", "execution.failed");
    var inside =
        api.send(
            "POST",
            PATH,
            Map.of(
                "name",
                "a",
                "event_types",
                List.of("*"),
                "url",
                "http://10.0.0.1:" + receiver.port() + "/"));
    assertThat(inside.statusCode()).isEqualTo(422);
    assertThat(inside.body()).contains("agentledger.outbound.allowed-networks");
    var header =
        api.send(
            "POST",
            PATH,
            Map.of(
                "name", "a",
                "event_types", List.of("*"),
                "url", receiver.url("a"),
                "headers", Map.of("Authorization", "Bearer s3cret")));
    assertThat(header.statusCode()).isEqualTo(400);
    assertThat(header.body()).contains("PUT /vaults/{id}/secrets/{name}").doesNotContain("s3cret");
  }

  @Tag("exhaustive")
  @Test
  @Order(LAST)
  void deliveryOfAKilledServiceIsRepeatedWithTheSameId() throws Exception {
    var subscription = subscribe("killed", "run.completed");
    receiver.hold("killed");
    var session = run("scenario: text");
    api.follow(session, 0, hasEventName("RunCompleted"));
    await().atMost(TIMEOUT).until(() -> receiver.events("killed").size() == 1);
    service.killForcibly();
    receiver.release("killed");
    service.start();
    await().atMost(TIMEOUT).until(() -> receiver.events("killed").size() == 2);
    assertThat(receiver.events("killed").stream().map(event -> event.headers().get("webhook-id")))
        .containsOnly(receiver.events("killed").getFirst().headers().get("webhook-id"));
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(
                        api.get(PATH + "/" + id(subscription) + "/deliveries?status=delivered")
                            .path("items"))
                    .hasSize(1));
    assertGenuine(subscription, "killed");
  }
}
