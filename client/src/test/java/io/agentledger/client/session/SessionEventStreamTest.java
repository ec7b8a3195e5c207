package io.agentledger.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.Items;
import io.agentledger.client.StandIn;
import io.agentledger.client.StandIn.Said;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionEventStreamTest {
  private static final SessionId SESSION = new SessionId(StandIn.SESSION);
  private static final String EVENTS = "GET /api/v1/sessions/" + StandIn.SESSION + "/events";

  private final StandIn service = new StandIn();
  private final AgentledgerClient client = AgentledgerClient.at(service.address());
  private final List<String> losses = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    client.close();
    service.close();
  }

  @Test
  void factsComeInOrderFromBehindTheNumberThatWasAskedFor() {
    service.tell(fact(1), fact(2), fact(3));
    try (var sessionEventStream = follow(1, Duration.ofSeconds(20))) {
      assertThat(sequences(sessionEventStream, 2)).containsExactly(2L, 3L);
    }
  }

  @Test
  void aBrokenConnectionGoesOnBehindTheLastFact() {
    service.tell(fact(1), fact(2));
    try (var sessionEventStream = follow(0, Duration.ofSeconds(20))) {
      assertThat(sequences(sessionEventStream, 2)).containsExactly(1L, 2L);
      service.cut();
      service.tell(fact(3));
      assertThat(sequences(sessionEventStream, 1)).containsExactly(3L);
      assertThat(service.requests(EVENTS).getLast().headers()).containsEntry("last-event-id", "2");
      assertThat(losses).isNotEmpty();
    }
  }

  @Test
  void whatIsToldTwiceIsHeardOnce() {
    service.tell(fact(1), fact(1), Items.delta(0, "text", "x"), fact(1), fact(2));
    try (var sessionEventStream = follow(0, Duration.ofSeconds(20))) {
      assertThat(sequences(sessionEventStream, 3)).containsExactly(1L, null, 2L);
    }
  }

  @Test
  void aGapIsMendedByAskingAgain() {
    service.tell(fact(1), fact(3));
    try (var sessionEventStream = follow(0, Duration.ofSeconds(20))) {
      assertThat(sequences(sessionEventStream, 1)).containsExactly(1L);
      var reader = Thread.ofVirtual().start(sessionEventStream::next);
      await().until(() -> service.connections() >= 2);
      assertThat(losses.getFirst()).contains("missing before 3");
      sessionEventStream.close();
      await().until(() -> !reader.isAlive());
    }
  }

  @Test
  void aConnectionThatDiedSilentlyIsFoundOut() {
    service.tell(fact(1));
    try (var sessionEventStream = follow(0, Duration.ofMillis(300))) {
      assertThat(sequences(sessionEventStream, 1)).containsExactly(1L);
      var reader = Thread.ofVirtual().start(sessionEventStream::next);
      await().until(() -> service.connections() >= 2);
      assertThat(losses.getFirst()).contains("nothing was heard");
      sessionEventStream.close();
      await().until(() -> !reader.isAlive());
    }
  }

  @Test
  void aServiceThatIsStartingIsWaitedFor() {
    var asked = new AtomicInteger();
    service.tell(fact(1));
    service.answer(EVENTS, request -> new Said(asked.incrementAndGet() < 3 ? 503 : 500, "{}"));
    try (var sessionEventStream = follow(0, Duration.ofSeconds(20))) {
      assertThatThrownBy(sessionEventStream::next).isInstanceOf(ApiException.class);
      assertThat(asked).hasValue(3);
    }
  }

  @Test
  void aSessionThatIsNotThereIsNotWaitedFor() {
    service.answer(
        EVENTS, request -> new Said(404, "{\"code\":\"session_not_found\",\"detail\":\"No.\"}"));
    try (var sessionEventStream = follow(0, Duration.ofSeconds(20))) {
      assertThatThrownBy(sessionEventStream::next)
          .isInstanceOfSatisfying(
              ApiException.class,
              apiException -> assertThat(apiException.code()).isEqualTo("session_not_found"));
    }
  }

  @Test
  void aServiceThatStaysAwayIsGivenUp() {
    service.close();
    try (var sessionEventStream = follow(0, Duration.ofSeconds(20))) {
      assertThatThrownBy(sessionEventStream::next).isInstanceOf(ServiceUnavailableException.class);
      assertThat(losses).hasSizeGreaterThan(2);
    }
  }

  @Test
  void closingEndsTheReader() {
    var sessionEventStream = follow(0, Duration.ofSeconds(20));
    var reader = Thread.ofVirtual().start(() -> assertThat(sessionEventStream.next()).isEmpty());
    await().until(() -> service.connections() == 1);
    sessionEventStream.close();
    await().until(() -> !reader.isAlive());
  }

  private SessionEventStream follow(long after, Duration silence) {
    var reconnectPolicy =
        new SessionEventStream.ReconnectPolicy(
            silence,
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            losses::add);
    return client.sessions().stream(SESSION, after, reconnectPolicy);
  }

  private static List<Long> sequences(SessionEventStream sessionEventStream, int count) {
    var all = new ArrayList<Long>();
    for (int i = 0; i < count; i++) all.add(sessionEventStream.next().orElseThrow().sequence());
    return all;
  }

  private static String fact(long sequence) {
    return Items.status(sequence, "TurnFinished", "\"exchange_id\":\"x" + sequence + "\"");
  }
}
