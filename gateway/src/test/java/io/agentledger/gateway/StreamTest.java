package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.session.stream.SessionStreamRegistry;
import io.agentledger.scripted.ScriptedBackend;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored and live events are joined without gaps and duplicates, at any time of subscription. */
class StreamTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static void appendEvents(SessionId session, int count) {
    for (int i = 0; i < count; i++)
      server.backend().appendEvent(session, null, ScriptedBackend.message("m" + i));
  }

  private static SseTestClient follow(SessionId session, String how) {
    return SseTestClient.open(
        server, server.request("/api/v1/sessions/" + session + "/events" + how).GET());
  }

  private static List<String> sequenceRange(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
  }

  @Test
  void lateClientSeesTheSameIds() throws Exception {
    var session = server.openSession();
    try (var early = follow(session, "?after=0")) {
      appendEvents(session, 20);
      try (var late = follow(session, "?after=0")) {
        appendEvents(session, 20);
        await().atMost(TIMEOUT).until(() -> early.ids().size() == 41 && late.ids().size() == 41);
        assertThat(late.ids()).isEqualTo(early.ids()).isEqualTo(sequenceRange(1, 41));
      }
    }
  }

  @Test
  void manyClientsJoiningAnytimeSeeEveryEventOnceInOrder() throws Exception {
    var session = server.openSession();
    int all = 5_000;
    var clients = new ArrayList<SseTestClient>();
    var writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 1; i < all; i++) {
                    server
                        .backend()
                        .appendEvent(session, null, ScriptedBackend.message("x".repeat(400)));
                    server.backend().frame(session, "y".repeat(40));
                  }
                });
    for (int i = 0; i < 24; i++) clients.add(follow(session, "?after=0"));
    writer.join();
    for (var client : clients) {
      await().atMost(Duration.ofSeconds(60)).until(() -> client.ids().size() >= all);
      assertThat(client.ids()).isEqualTo(sequenceRange(1, all));
      client.close();
    }
  }

  @Test
  void pausedReaderSkipsTransientEventsAndMissesNoEvent() throws Exception {
    var session = server.openSession();
    var request = server.request("/api/v1/sessions/" + session + "/events?after=0").GET().build();
    var slow = server.client().send(request, BodyHandlers.ofInputStream());
    var big = "z".repeat(20_000);
    for (int i = 1; i < 3_000; i++) {
      server.backend().appendEvent(session, null, ScriptedBackend.message(big));
      server.backend().frame(session, big);
    }
    long next = 1;
    long frames = 0;
    try (var reader = new BufferedReader(new InputStreamReader(slow.body()))) {
      while (next <= 3_000) {
        var line = reader.readLine();
        if (line.startsWith("event: partial")) frames++;
        if (line.startsWith("id: ")) assertThat(line).isEqualTo("id: " + next++);
      }
    }
    assertThat(frames).isLessThan(2_999);
  }

  @Test
  void reconnectedReaderContinuesAfterItsLastEvent() throws Exception {
    var session = server.openSession();
    appendEvents(session, 9);
    var request =
        server
            .request("/api/v1/sessions/" + session + "/events?after=0")
            .header("Last-Event-ID", "7");
    try (var back = SseTestClient.open(server, request.GET())) {
      appendEvents(session, 2);
      await().atMost(TIMEOUT).until(() -> back.ids().size() == 5);
      assertThat(back.ids()).isEqualTo(sequenceRange(8, 12));
    }
  }

  @Test
  void streamWithoutAPositionStartsAtTheTail() throws Exception {
    var session = server.openSession();
    appendEvents(session, 4);
    try (var tail = follow(session, "")) {
      assertThat(tail.response().statusCode()).isEqualTo(200);
      assertThat(tail.response().headers().firstValue("Content-Type"))
          .hasValue("text/event-stream;charset=UTF-8");
      appendEvents(session, 2);
      await().atMost(TIMEOUT).until(() -> tail.ids().size() == 2);
      assertThat(tail.ids()).containsExactly("6", "7");
      assertThat(tail.comments()).isNotEmpty();
    }
  }

  @Test
  void transientEventsAreLiveAndHaveNoId() throws Exception {
    var session = server.openSession();
    try (var client = follow(session, "")) {
      server.backend().frame(session, "hel");
      server.backend().frame(session, "lo");
      await().atMost(TIMEOUT).until(() -> client.events().size() == 2);
      assertThat(client.ids()).isEmpty();
      assertThat(client.events().getLast().data().path("text").asString()).isEqualTo("lo");
      assertThat(client.events().getLast().data().path("phase").asString()).isEqualTo("delta");
      assertThat(client.events().getLast().data().has("sequence")).isFalse();
    }
  }

  @Test
  void lostFeedIsRestartedUnnoticed() throws Exception {
    var session = server.openSession();
    try (var client = follow(session, "?after=0")) {
      appendEvents(session, 3);
      await().atMost(TIMEOUT).until(() -> client.ids().size() == 4);
      server.backend().breakFollowers(session);
      appendEvents(session, 3);
      await().atMost(TIMEOUT).until(() -> client.ids().size() == 7);
      assertThat(client.ids()).isEqualTo(sequenceRange(1, 7));
    }
  }

  /** Returns the client of a query's stream, which has ended. */
  private static SseTestClient query(SessionId session, String prompt) {
    var request =
        server
            .request("/api/v1/sessions/" + session + "/query")
            .header("Content-Type", "application/json")
            .header("Accept", "*/*")
            .POST(BodyPublishers.ofString("{\"prompt\": \"" + prompt + "\"}"));
    var client = SseTestClient.open(server, request);
    await().atMost(TIMEOUT).until(client::ended);
    return client;
  }

  private static String doneReason(SseTestClient client) {
    return client.events().getLast().data().path("reason").asString();
  }

  @Test
  void queryStreamEndsWithoutAResultWhenTheRunWaitsForBudget() {
    var client = query(server.openSession(), "paused");
    assertThat(client.types()).containsExactly("message", "status", "done");
    assertThat(doneReason(client)).isEqualTo("budget_paused");
  }

  @Test
  void streamOfAQueryBehindAPausedRunEndsToo() {
    var client = query(server.openSession(), "waits behind a paused run");
    assertThat(client.types()).containsExactly("done");
    assertThat(doneReason(client)).isEqualTo("budget_paused");
  }

  @Test
  void streamOfAWithdrawnQueryEnds() {
    var client = query(server.openSession(), "withdrawn");
    assertThat(client.types()).containsExactly("status", "done");
    assertThat(doneReason(client)).isEqualTo("query_withdrawn");
  }

  @Test
  void queryStreamContinuesBeyondAPauseThatHasEnded() {
    var client = query(server.openSession(), "paused and resumed");
    assertThat(client.types()).containsExactly("message", "status", "status", "result", "done");
    assertThat(doneReason(client)).isEqualTo("run_ended");
  }

  @Test
  void queryStreamHasItsRunOnlyAndEndsWithDone() {
    var session = server.openSession();
    var client = query(session, "hello");
    assertThat(client.types()).containsExactly("message", "result", "done");
    assertThat(doneReason(client)).isEqualTo("run_ended");
    assertThat(client.ids()).containsExactly("2", "4");
    var headers = client.response().headers();
    assertThat(headers.firstValue("X-Session-Id")).hasValue(session.value());
    assertThat(client.events().getLast().data().path("query_id").asString())
        .isEqualTo(headers.firstValue("X-Query-Id").orElseThrow());
  }

  /** A repeated query is accepted without its handler, which would check the access. */
  @Test
  void acceptedQueryOfAnInvisibleSessionIsNotStreamed() {
    var session = server.openSession();
    server.backend().unshare(session, ScriptedBackend.OWNER.user());
    var ofSession = "/api/v1/sessions/" + session;
    var prompt = "{\"prompt\": \"hello\"}";
    var bodies =
        Map.of(
            ofSession + "/query",
            prompt,
            ofSession + "/resume",
            prompt,
            "/api/v1/query",
            "{\"session_id\": \"" + session + "\", \"prompt\": \"hello\"}");
    bodies.forEach(
        (path, body) -> {
          var response =
              server.send(
                  server
                      .request(path)
                      .headers("Content-Type", "application/json", "Accept", "text/event-stream")
                      .POST(BodyPublishers.ofString(body)));
          assertThat(response.statusCode()).as(path + response.body()).isEqualTo(404);
          assertThat(response.headers().firstValue("Content-Type"))
              .hasValue("application/problem+json");
          assertThat(ApiTestServer.json(response).path("code").asString())
              .isEqualTo("session_not_found");
          for (var header : List.of("X-Session-Id", "X-Query-Id", "X-Run-Id", "Location"))
            assertThat(response.headers().firstValue(header)).isEmpty();
        });
  }

  @Test
  void jsonClientGetsTheQuery() {
    var session = server.openSession();
    var response = server.post("/api/v1/sessions/" + session + "/query", "{\"prompt\": \"hello\"}");
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(ApiTestServer.json(response).path("session_id").asString())
        .isEqualTo(session.value());
    assertThat(ApiTestServer.json(response).path("after").asLong()).isEqualTo(1);
  }

  @Test
  void eventsAreReadPageByPage() {
    var session = server.openSession();
    appendEvents(session, 4);
    var first =
        ApiTestServer.json(
            server.get("/api/v1/sessions/" + session + "/events?format=json&limit=3"));
    assertThat(first.path("items").size()).isEqualTo(3);
    assertThat(first.path("next_cursor").asString()).isEqualTo("3");
    var rest =
        ApiTestServer.json(
            server.get("/api/v1/sessions/" + session + "/events?format=json&after=3"));
    assertThat(rest.path("items").path(0).path("sequence").asLong()).isEqualTo(4);
    assertThat(rest.path("items").size()).isEqualTo(2);
    assertThat(rest.path("next_cursor").isNull()).isTrue();
  }

  @Test
  void feedWithoutSubscribersIsClosed() throws Exception {
    var session = server.openSession();
    var sessionStreamRegistry = server.bean(SessionStreamRegistry.class);
    try (var client = follow(session, "?after=0")) {
      await().atMost(TIMEOUT).until(() -> client.ids().size() == 1);
    }
    server.backend().frame(session, "the write that finds the connection closed");
    await().atMost(TIMEOUT).until(() -> sessionStreamRegistry.openStreamCount() == 0);
  }
}
