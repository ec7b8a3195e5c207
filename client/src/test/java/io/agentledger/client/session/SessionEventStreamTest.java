package io.agentledger.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.StreamItemJson;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionEventStreamTest {
  private static final SessionId SESSION = new SessionId(FakeService.SESSION);
  private static final String EVENTS = "GET /api/v1/sessions/" + FakeService.SESSION + "/events";

  private final FakeService service = new FakeService();
  private final AgentledgerClient client = AgentledgerClient.create(service.address());
  private final List<String> disconnects = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    client.close();
    service.close();
  }

  @Test
  void eventsArriveInOrderAfterTheRequestedNumber() {
    service.send(eventJson(1), eventJson(2), eventJson(3));
    try (var eventStream = follow(1, Duration.ofSeconds(20))) {
      assertThat(sequences(eventStream, 2)).containsExactly(2L, 3L);
    }
  }

  @Test
  void brokenConnectionResumesAfterTheLastEvent() {
    service.send(eventJson(1), eventJson(2));
    try (var eventStream = follow(0, Duration.ofSeconds(20))) {
      assertThat(sequences(eventStream, 2)).containsExactly(1L, 2L);
      service.cut();
      service.send(eventJson(3));
      assertThat(sequences(eventStream, 1)).containsExactly(3L);
      assertThat(service.requests(EVENTS).getLast().headers()).containsEntry("last-event-id", "2");
      assertThat(disconnects).isNotEmpty();
    }
  }

  @Test
  void restartedServiceIsFollowedOnAnotherPort() {
    var address = new AtomicReference<>(service.address());
    service.send(eventJson(1));
    try (var restarted = new FakeService();
        var following = AgentledgerClient.create(address::get);
        var eventStream = follow(following, 0, Duration.ofSeconds(20))) {
      restarted.send(eventJson(1), eventJson(2));
      assertThat(sequences(eventStream, 1)).containsExactly(1L);
      address.set(restarted.address());
      service.close();
      assertThat(sequences(eventStream, 1)).containsExactly(2L);
    }
  }

  @Test
  void duplicateEventsAreDeliveredOnce() {
    service.send(
        eventJson(1),
        eventJson(1),
        StreamItemJson.delta(0, "text", "x"),
        eventJson(1),
        eventJson(2));
    try (var eventStream = follow(0, Duration.ofSeconds(20))) {
      assertThat(sequences(eventStream, 3)).containsExactly(1L, null, 2L);
    }
  }

  @Test
  void gapIsFilledByAnotherRequest() {
    service.send(eventJson(1), eventJson(3));
    try (var eventStream = follow(0, Duration.ofSeconds(20))) {
      assertThat(sequences(eventStream, 1)).containsExactly(1L);
      var reader = Thread.ofVirtual().start(eventStream::next);
      await().until(() -> service.connections() >= 2);
      assertThat(disconnects.getFirst()).contains("missing before 3");
      eventStream.close();
      await().until(() -> !reader.isAlive());
    }
  }

  @Test
  void silentlyDeadConnectionIsDetected() {
    service.send(eventJson(1));
    try (var eventStream = follow(0, Duration.ofMillis(300))) {
      assertThat(sequences(eventStream, 1)).containsExactly(1L);
      var reader = Thread.ofVirtual().start(eventStream::next);
      await().until(() -> service.connections() >= 2);
      assertThat(disconnects.getFirst()).contains("no data received");
      eventStream.close();
      await().until(() -> !reader.isAlive());
    }
  }

  @Test
  void startingServiceIsAwaited() {
    var requested = new AtomicInteger();
    service.send(eventJson(1));
    service.answer(
        EVENTS, request -> new CannedResponse(requested.incrementAndGet() < 3 ? 503 : 500, "{}"));
    try (var eventStream = follow(0, Duration.ofSeconds(20))) {
      assertThatThrownBy(eventStream::next).isInstanceOf(ApiException.class);
      assertThat(requested).hasValue(3);
    }
  }

  @Test
  void missingSessionIsNotRetried() {
    service.answer(
        EVENTS,
        request -> new CannedResponse(404, "{\"code\":\"session_not_found\",\"detail\":\"No.\"}"));
    try (var eventStream = follow(0, Duration.ofSeconds(20))) {
      assertThatThrownBy(eventStream::next)
          .isInstanceOfSatisfying(
              ApiException.class,
              apiException -> assertThat(apiException.code()).isEqualTo("session_not_found"));
    }
  }

  @Test
  void unavailableServiceFailsAfterARetryLimit() {
    service.close();
    try (var eventStream = follow(0, Duration.ofSeconds(20))) {
      assertThatThrownBy(eventStream::next).isInstanceOf(ServiceUnavailableException.class);
      assertThat(disconnects).hasSizeGreaterThan(2);
    }
  }

  @Test
  void closingEndsTheReader() {
    var eventStream = follow(0, Duration.ofSeconds(20));
    var reader = Thread.ofVirtual().start(() -> assertThat(eventStream.next()).isEmpty());
    await().until(() -> service.connections() == 1);
    eventStream.close();
    await().until(() -> !reader.isAlive());
  }

  private SessionEventStream follow(long after, Duration inactivityTimeout) {
    return follow(client, after, inactivityTimeout);
  }

  private SessionEventStream follow(
      AgentledgerClient agentledger, long after, Duration inactivityTimeout) {
    var reconnectPolicy =
        new SessionEventStream.ReconnectPolicy(
            inactivityTimeout,
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            disconnects::add);
    return agentledger.sessions().stream(SESSION, after, reconnectPolicy);
  }

  private static List<Long> sequences(SessionEventStream eventStream, int count) {
    var all = new ArrayList<Long>();
    for (int i = 0; i < count; i++) all.add(eventStream.next().orElseThrow().sequence());
    return all;
  }

  private static String eventJson(long sequence) {
    return StreamItemJson.status(sequence, "TurnFinished", "\"exchange_id\":\"x" + sequence + "\"");
  }
}
