package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.session.stream.SessionStreamRegistry;
import io.agentledger.scripted.ScriptedSides;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Past and live join without gap and without duplicate, whoever joins whenever. */
class StreamTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) {
    doors = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static void facts(SessionId session, int count) {
    for (int i = 0; i < count; i++)
      doors.sides().fact(session, null, ScriptedSides.message("m" + i));
  }

  private static Sse follow(SessionId session, String how) {
    return Sse.open(doors, doors.request("/api/v1/sessions/" + session + "/events" + how).GET());
  }

  private static List<String> upTo(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
  }

  @Test
  void twoClientsOneOfThemLateSeeTheSameIds() throws Exception {
    var session = doors.openSession();
    try (var early = follow(session, "?after=0")) {
      facts(session, 20);
      try (var late = follow(session, "?after=0")) {
        facts(session, 20);
        await().atMost(TIMEOUT).until(() -> early.ids().size() == 41 && late.ids().size() == 41);
        assertThat(late.ids()).isEqualTo(early.ids()).isEqualTo(upTo(1, 41));
      }
    }
  }

  @Test
  void manyClientsJoiningAtAnyTimeOfAFloodSeeEveryFactOnceAndInOrder() throws Exception {
    var session = doors.openSession();
    int all = 5_000;
    var clients = new ArrayList<Sse>();
    var writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 1; i < all; i++) {
                    doors.sides().fact(session, null, ScriptedSides.message("x".repeat(400)));
                    doors.sides().frame(session, "y".repeat(40));
                  }
                });
    for (int i = 0; i < 24; i++) clients.add(follow(session, "?after=0"));
    writer.join();
    for (var client : clients) {
      await().atMost(Duration.ofSeconds(60)).until(() -> client.ids().size() >= all);
      assertThat(client.ids()).isEqualTo(upTo(1, all));
      client.close();
    }
  }

  @Test
  void whoStoppedReadingSkipsFramesAndMissesNoFact() throws Exception {
    var session = doors.openSession();
    var request = doors.request("/api/v1/sessions/" + session + "/events?after=0").GET().build();
    var slow =
        doors.client().send(request, java.net.http.HttpResponse.BodyHandlers.ofInputStream());
    var big = "z".repeat(20_000);
    for (int i = 1; i < 3_000; i++) {
      doors.sides().fact(session, null, ScriptedSides.message(big));
      doors.sides().frame(session, big);
    }
    long next = 1;
    long frames = 0;
    try (var reader = new java.io.BufferedReader(new java.io.InputStreamReader(slow.body()))) {
      while (next <= 3_000) {
        var line = reader.readLine();
        if (line.startsWith("event: partial")) frames++;
        if (line.startsWith("id: ")) assertThat(line).isEqualTo("id: " + next++);
      }
    }
    assertThat(frames).isLessThan(2_999);
  }

  @Test
  void whoComesBackGoesOnBehindTheLastEventItSaw() throws Exception {
    var session = doors.openSession();
    facts(session, 9);
    var request =
        doors
            .request("/api/v1/sessions/" + session + "/events?after=0")
            .header("Last-Event-ID", "7");
    try (var back = Sse.open(doors, request.GET())) {
      facts(session, 2);
      await().atMost(TIMEOUT).until(() -> back.ids().size() == 5);
      assertThat(back.ids()).isEqualTo(upTo(8, 12));
    }
  }

  @Test
  void withoutAPlaceTheStreamStartsAtTheTail() throws Exception {
    var session = doors.openSession();
    facts(session, 4);
    try (var tail = follow(session, "")) {
      assertThat(tail.response().statusCode()).isEqualTo(200);
      assertThat(tail.response().headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
      facts(session, 2);
      await().atMost(TIMEOUT).until(() -> tail.ids().size() == 2);
      assertThat(tail.ids()).containsExactly("6", "7");
      assertThat(tail.comments()).isNotEmpty();
    }
  }

  @Test
  void framesComeLiveAndHaveNoId() throws Exception {
    var session = doors.openSession();
    try (var client = follow(session, "")) {
      doors.sides().frame(session, "hel");
      doors.sides().frame(session, "lo");
      await().atMost(TIMEOUT).until(() -> client.events().size() == 2);
      assertThat(client.ids()).isEmpty();
      assertThat(client.events().getLast().data().path("text").asString()).isEqualTo("lo");
      assertThat(client.events().getLast().data().path("phase").asString()).isEqualTo("delta");
      assertThat(client.events().getLast().data().has("sequence")).isFalse();
    }
  }

  @Test
  void aLostFeedIsBegunAgainAndNobodyNotices() throws Exception {
    var session = doors.openSession();
    try (var client = follow(session, "?after=0")) {
      facts(session, 3);
      await().atMost(TIMEOUT).until(() -> client.ids().size() == 4);
      doors.sides().breakFollowers(session);
      facts(session, 3);
      await().atMost(TIMEOUT).until(() -> client.ids().size() == 7);
      assertThat(client.ids()).isEqualTo(upTo(1, 7));
    }
  }

  @Test
  void aQuerysOwnStreamHasItsRunOnlyAndEndsWithDone() {
    var session = doors.openSession();
    var request =
        doors
            .request("/api/v1/sessions/" + session + "/query")
            .header("Content-Type", "application/json")
            .header("Accept", "*/*")
            .POST(BodyPublishers.ofString("{\"prompt\": \"hello\"}"));
    var client = Sse.open(doors, request);
    await().atMost(TIMEOUT).until(client::ended);
    assertThat(client.types()).containsExactly("message", "result", "done");
    assertThat(client.ids()).containsExactly("2", "4");
    var headers = client.response().headers();
    assertThat(headers.firstValue("X-Session-Id")).hasValue(session.value());
    assertThat(client.events().getLast().data().path("query_id").asString())
        .isEqualTo(headers.firstValue("X-Query-Id").orElseThrow());
  }

  @Test
  void whoAcceptsJsonOnlyGetsTheQuery() {
    var session = doors.openSession();
    var response = doors.post("/api/v1/sessions/" + session + "/query", "{\"prompt\": \"hello\"}");
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(ApiTestServer.json(response).path("session_id").asString())
        .isEqualTo(session.value());
    assertThat(ApiTestServer.json(response).path("after").asLong()).isEqualTo(1);
  }

  @Test
  void theRecordIsReadPageByPage() {
    var session = doors.openSession();
    facts(session, 4);
    var first =
        ApiTestServer.json(
            doors.get("/api/v1/sessions/" + session + "/events?format=json&limit=3"));
    assertThat(first.path("items").size()).isEqualTo(3);
    assertThat(first.path("next").asString()).isEqualTo("3");
    var rest =
        ApiTestServer.json(
            doors.get("/api/v1/sessions/" + session + "/events?format=json&after=3"));
    assertThat(rest.path("items").path(0).path("sequence").asLong()).isEqualTo(4);
    assertThat(rest.path("items").size()).isEqualTo(2);
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @Test
  void aLogThatNobodyWatchesIsClosed() throws Exception {
    var session = doors.openSession();
    var sessionStreamRegistry = doors.bean(SessionStreamRegistry.class);
    try (var client = follow(session, "?after=0")) {
      await().atMost(TIMEOUT).until(() -> client.ids().size() == 1);
    }
    doors.sides().frame(session, "the write that finds the connection closed");
    await().atMost(TIMEOUT).until(() -> sessionStreamRegistry.watchedCount() == 0);
  }
}
