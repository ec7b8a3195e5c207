package io.agentledger.gateway.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.json.WireJson;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Viewers of one session on one event loop: many of them get its items less often, but all. */
class EventLoopSubscribersTest {
  private final SessionId session = SessionId.next();
  private final SessionStreamBuffer buffer = new SessionStreamBuffer(session, 0, new WireJson());
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final SessionStreamRegistry registry =
      new SessionStreamRegistry(null, null, null, null, null, null) {
        @Override
        StreamCursor subscribe(StreamSubscription<?> subscription) {
          buffer.add(subscription);
          return new StreamCursor(buffer, subscription.streamRequest(), null);
        }

        @Override
        Disposable monitorAccess(StreamSubscription<?> subscription) {
          return Disposables.disposed();
        }
      };

  @BeforeEach
  void stopTheClock() {
    channel.freezeTime();
  }

  @Test
  void viewersOfManyGetItemsEvery30Milliseconds() {
    var received = viewers(1_000);
    append(1);
    advance(0);
    assertThat(received).allMatch(items -> items.size() == 1);
    append(2);
    advance(20);
    append(3);
    advance(9);
    assertThat(received).allMatch(items -> items.size() == 1);
    advance(1);
    assertThat(received).allMatch(items -> items.size() == 3);
    advance(30);
    append(4);
    advance(0);
    assertThat(received).allMatch(items -> items.size() == 4);
  }

  @Test
  void eightViewersWaitLessThanAMillisecond() {
    var received = viewers(8);
    append(1);
    advance(0);
    append(2);
    advance(1);
    assertThat(received).allMatch(items -> items.size() == 2);
  }

  @Test
  void eventLoopWithoutViewersIsNotWoken() {
    var subscription = subscription();
    buffer.add(subscription);
    append(1);
    assertThat(channel.hasPendingTasks()).isTrue();
    advance(0);
    buffer.remove(subscription);
    append(2);
    assertThat(channel.hasPendingTasks()).isFalse();
  }

  /** Returns the items of each viewer, without the greeting. */
  private List<List<String>> viewers(int count) {
    var viewers = new ArrayList<List<String>>();
    for (int i = 0; i < count; i++) {
      var received = new ArrayList<String>();
      subscription().map(item -> item.toString(StandardCharsets.UTF_8)).subscribe(received::add);
      viewers.add(received);
    }
    channel.runPendingTasks();
    viewers.forEach(List::clear);
    return viewers;
  }

  private StreamSubscription<DataBuffer> subscription() {
    return new StreamSubscription<>(
        registry,
        new StreamRequest(null, session, 0, 0, false, null),
        StreamFormat.SSE,
        new ClientChannel(channel.eventLoop(), () -> true, null));
  }

  private void append(long sequence) {
    var body = new StreamItem.Status(Map.of());
    buffer.append(
        new StreamItem(
            body.type(), "RunStarted", session, null, null, null, sequence, Instant.EPOCH, body));
  }

  private void advance(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runPendingTasks();
    channel.runScheduledPendingTasks();
  }
}
