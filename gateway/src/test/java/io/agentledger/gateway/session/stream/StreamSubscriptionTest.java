package io.agentledger.gateway.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.json.WireJson;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;

/** Messages complete when the client has received them, so that they do not accumulate. */
class StreamSubscriptionTest {
  private static final byte[] MESSAGE = "{}".getBytes(StandardCharsets.UTF_8);

  private final DefaultEventExecutor loop = new DefaultEventExecutor();
  private final StreamSubscription<DataBuffer> unread =
      new StreamSubscription<>(
          null, null, StreamFormat.RSOCKET, new ClientChannel(loop, () -> true, null));

  private final Disposable monitor = Disposables.single();
  private int monitorCount;

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  @Test
  void pendingSendCompletesWhenItsViewerLeaves() throws Exception {
    Disposable waiting = unread.send(MESSAGE).subscribe();
    loop.submit(() -> {}).get(); // The task of send() on the event loop has run.
    assertThat(waiting.isDisposed()).isFalse();

    unread.cancel();
    loop.submit(() -> {}).get();
    assertThat(waiting.isDisposed()).isTrue();
    unread.send(MESSAGE).block(Duration.ofSeconds(10)); // The subscription is cancelled.
  }

  @Test
  void silentStreamIsPingedEvery15Seconds() {
    var channel = new EmbeddedChannel();
    channel.freezeTime();
    var registry = registry();
    var received = new ArrayList<String>();
    new StreamSubscription<>(
            registry,
            new StreamRequest(null, SessionId.next(), 0, 0, false, null),
            StreamFormat.SSE,
            new ClientChannel(channel.eventLoop(), () -> true, null))
        .map(slice -> slice.toString(StandardCharsets.UTF_8))
        .subscribe(received::add);
    channel.runPendingTasks();
    assertThat(received).containsExactly(": agentledger\n\n");
    for (int seconds : new int[] {14, 1, 14, 1}) {
      channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
      if (seconds == 1) assertThat(received.removeLast()).isEqualTo(": ping\n\n");
      assertThat(received).hasSize(1);
    }
  }

  /** Such as when it disconnects while its subscription begins. */
  @Test
  void viewerThatCancelsAtOnceIsNotMonitored() {
    var channel = new EmbeddedChannel();
    new StreamSubscription<>(
            registry(),
            new StreamRequest(null, SessionId.next(), 0, 0, false, null),
            StreamFormat.SSE,
            new ClientChannel(channel.eventLoop(), () -> true, null))
        .subscribe(
            new BaseSubscriber<>() {
              @Override
              protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
              }
            });
    channel.runPendingTasks();
    assertThat(monitorCount).isZero();
  }

  /** Such as when it disconnects before the headers: the framework then cancels nothing. */
  @Test
  void monitorEndsWithTheChannel() {
    var channel = new EmbeddedChannel(new HttpServerCodec());
    var codec = channel.pipeline().context(HttpServerCodec.class);
    new StreamSubscription<>(
            registry(),
            new StreamRequest(null, SessionId.next(), 0, 0, false, null),
            StreamFormat.CHUNKED_SSE,
            new ClientChannel(channel.eventLoop(), () -> true, codec))
        .subscribe();
    channel.runPendingTasks();
    assertThat(monitor.isDisposed()).isFalse();
    channel.close();
    channel.runPendingTasks();
    assertThat(monitor.isDisposed()).isTrue();
  }

  private SessionStreamRegistry registry() {
    return new SessionStreamRegistry(null, null, null, null, null, null) {
      @Override
      StreamCursor subscribe(StreamSubscription<?> subscription) {
        var buffer =
            new SessionStreamBuffer(subscription.streamRequest().sessionId(), 0, new WireJson());
        return new StreamCursor(buffer, subscription.streamRequest(), null);
      }

      @Override
      Disposable monitorAccess(StreamSubscription<?> subscription) {
        monitorCount++;
        return monitor;
      }
    };
  }
}
