package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.scripted.ScriptedBackend;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Stored events are played back at their distance, from any position, while access lasts. */
class PlaybackTest {
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

  /** Opens a session, now, with events that many seconds later. */
  private static SessionId openSession(int... offsetsSeconds) {
    var session = server.openSession();
    var opened = Instant.now();
    for (int seconds : offsetsSeconds)
      server
          .backend()
          .appendEvent(
              session, ScriptedBackend.message("after " + seconds), opened.plusSeconds(seconds));
    return session;
  }

  private static HttpRequest.Builder request(SessionId session, String parameters) {
    return server.request("/api/v1/sessions/" + session + "/playback" + parameters).GET();
  }

  private static SseTestClient play(SessionId session, String parameters) {
    return SseTestClient.open(server, request(session, parameters));
  }

  private static void awaitEnd(SseTestClient client) {
    await().atMost(TIMEOUT).until(client::ended);
  }

  @Test
  void eventsAreAsFarApartAsTheyWere() throws Exception {
    var session = openSession(10, 10, 20);
    long startNanos = System.nanoTime();
    try (var client = play(session, "?speed=25")) {
      awaitEnd(client);
      assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
          .isBetween(Duration.ofMillis(790), TIMEOUT);
      assertThat(client.ids()).containsExactly("1", "2", "3", "4");
      assertThat(client.types()).endsWith("message", "done");
      assertThat(client.events()).allMatch(event -> event.data().path("replay").asBoolean());
      assertThat(client.events().getLast().data().path("reason").asString())
          .isEqualTo("played_back");
    }
  }

  @Test
  void pausesCanBeShortened() throws Exception {
    try (var client = play(openSession(3_600, 7_200), "?max_gap_ms=100")) {
      awaitEnd(client);
      assertThat(client.ids()).containsExactly("1", "2", "3");
    }
  }

  @Test
  void playbackStartsAndEndsWhereItIsToldTo() throws Exception {
    var session = openSession(10, 20, 30, 40);
    var from = Instant.now().plusSeconds(15);
    for (var expected :
        List.of(
            List.of("?after=1&until=3", "2", "3"),
            List.of("?after=4&until=99", "5"),
            List.of("?from=" + from + "&until=4", "3", "4"),
            List.of("?from=" + from.plusSeconds(3_600)),
            List.of("?after=5")))
      try (var client = play(session, expected.getFirst() + "&speed=1000")) {
        awaitEnd(client);
        assertThat(client.ids())
            .as(expected.getFirst())
            .isEqualTo(expected.subList(1, expected.size()));
        assertThat(client.types()).endsWith("done");
      }
  }

  @Test
  void reconnectedClientContinuesAfterItsLastEvent() throws Exception {
    var session = openSession(10, 20);
    var request =
        request(session, "?from=" + Instant.EPOCH + "&speed=1000").header("Last-Event-ID", "2");
    try (var client = SseTestClient.open(server, request)) {
      awaitEnd(client);
      assertThat(client.ids()).containsExactly("3");
    }
  }

  @Test
  void callerWhoLosesAccessGetsNothingMore() throws Exception {
    var session = openSession(3_600);
    try (var client = play(session, "")) {
      await().atMost(TIMEOUT).until(() -> client.ids().size() == 1);
      server.backend().unshare(session, ScriptedBackend.OWNER.user());
      awaitEnd(client);
      assertThat(client.ids()).containsExactly("1");
      assertThat(client.events().getLast().data().path("code").asString())
          .isEqualTo("session_not_found");
    }
  }

  @Test
  void slowReaderGetsNothingMoreAfterLosingAccess() throws Exception {
    var session = openSession(IntStream.rangeClosed(1, 50).toArray());
    var user = ScriptedBackend.OWNER.user();
    try (var client = new RSocketTestClient(server)) {
      var items =
          client
              .route("sessions." + session + ".playback")
              .data(Map.of("max_gap_ms", 0))
              .retrieveFlux(String.class);
      StepVerifier.create(items, 1)
          .expectNextMatches(item -> item.contains("\"sequence\":1,"))
          .then(() -> server.backend().unshare(session, user))
          .thenAwait(Duration.ofSeconds(5))
          .thenRequest(100)
          .thenConsumeWhile(item -> item.matches(".*\"sequence\":[234],.*")) // In flight.
          .expectNextMatches(item -> item.contains("session_not_found"))
          .expectComplete()
          .verify(TIMEOUT);
    }
  }

  @Test
  void playbacksOfAUserAreLimited() throws Exception {
    var session = openSession(3_600);
    var open = new ArrayList<SseTestClient>();
    try {
      for (int i = 0; i < 10; i++) {
        var client = play(session, "");
        open.add(client);
        await().atMost(TIMEOUT).until(() -> client.ids().size() == 1);
      }
      var refused = server.client().send(request(session, "").build(), BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("too_many_playbacks");
      open.removeFirst().close();
      await()
          .atMost(TIMEOUT)
          .until(
              () -> {
                try (var next = play(session, "?until=1")) {
                  return next.response().statusCode() == 200;
                }
              });
    } finally {
      for (var client : open) client.close();
    }
  }

  @Test
  void playbackOverRSocket() {
    var session = openSession(10);
    try (var client = new RSocketTestClient(server)) {
      var items =
          client
              .route("sessions." + session + ".playback")
              .data(Map.of("speed", 1000.0, "after", 1))
              .retrieveFlux(String.class)
              .collectList()
              .block(TIMEOUT);
      assertThat(items).hasSize(2);
      assertThat(items.getFirst()).contains("\"replay\":true", "after 10");
      assertThat(items.getLast()).contains("played_back");
      var tooFast = Map.<String, Object>of("speed", 1001.0);
      assertThatThrownBy(() -> client.requestText("sessions." + session + ".playback", tooFast))
          .hasMessageContaining("\"speed\",\"detail\":\"must be 0.1 to 1000\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "speed=0",
        "speed=NaN",
        "speed=1001",
        "max_gap_ms=-1",
        "until=0",
        "after=3&until=2",
        "after=-1",
        "from=yesterday",
        "after=1&from=2026-11-01T00:00:00Z"
      })
  void invalidParametersAreRejected(String parameters) throws Exception {
    var response =
        server
            .client()
            .send(
                request(openSession(), "?" + parameters).build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.body()).contains(parameters.replaceAll("(.*&)?(\\w+)=.*", "$2"));
  }
}
