package io.agentledger.gateway.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.Disposable;

/** Messages complete when the client has received them, so that they do not accumulate. */
class StreamSubscriptionTest {
  private static final byte[] MESSAGE = "{}".getBytes(StandardCharsets.UTF_8);

  private final DefaultEventExecutor loop = new DefaultEventExecutor();
  private final StreamSubscription<DataBuffer> unread =
      new StreamSubscription<>(
          null, null, StreamFormat.RSOCKET, new ClientChannel(loop, () -> true));

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
}
