package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.scripted.ScriptedBackend;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.rsocket.transport.ClientTransport;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.client.WebsocketClientTransport;
import io.rsocket.util.ByteBufPayload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/**
 * Streams to clients with large demand that do not read are paused and need no more memory than
 * others.
 */
class SlowSubscriberTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int RECEIVE_BUFFER_BYTES = 16 * 1024;
  private static final StreamItem.Body SHORTEST = new StreamItem.Status(Map.of());

  /** Event loops of the client, which the test blocks. */
  private static final LoopResources LOOP = LoopResources.create("slow-client", 1, true);

  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
    LOOP.dispose();
  }

  private static ClientTransport transport(String name) {
    if (name.equals("tcp"))
      return TcpClientTransport.create(
          TcpClient.create()
              .runOn(LOOP)
              .host("127.0.0.1")
              .port(server.rsocketPort())
              .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES));
    return WebsocketClientTransport.create(
        HttpClient.newConnection()
            .runOn(LOOP)
            .host("127.0.0.1")
            .port(server.port())
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES),
        "/rsocket");
  }

  @ParameterizedTest
  @CsvSource({"tcp, 0, 20000", "tcp, 20000, 1000", "websocket, 0, 20000", "websocket, 20000, 1000"})
  void slowReaderMissesNoEvent(String transport, int length, int count) {
    var session = server.openSession();
    var text = "x".repeat(length);
    for (int i = 1; i < count; i++)
      server.backend().appendEvent(session, null, ScriptedBackend.message(text));
    var setup = ByteBufPayload.create(Unpooled.EMPTY_BUFFER, RSocketTest.auth(ScriptedBackend.KEY));
    var socket = RSocketTest.connect(transport(transport), setup);
    var seen = new CopyOnWriteArrayList<Integer>();
    var reads = new CountDownLatch(1);
    server.backend().eventListCalls.reset();
    socket
        .requestStream(RSocketTest.call("sessions." + session + ".events", "{\"after\": 0}"))
        .map(payload -> RSocketTest.json(payload).path("sequence").asInt())
        .doOnNext(event -> awaitOpen(reads))
        .buffer(500)
        .subscribe(seen::addAll);
    try {
      assertThat(takenInTheEnd()).isLessThan(count / 2);
    } finally {
      reads.countDown();
    }
    await().atMost(TIMEOUT).until(() -> seen.size() >= count);
    assertThat(List.copyOf(seen)).isEqualTo(IntStream.rangeClosed(1, count).boxed().toList());
    socket.dispose();
  }

  /** Returns the number of events that were read from the store, once it is constant. */
  private static long takenInTheEnd() {
    var before = new AtomicLong();
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> before.getAndSet(consumedCount()) == consumedCount() && consumedCount() > 0);
    return consumedCount();
  }

  private static long consumedCount() {
    return server.backend().eventListCalls.sum();
  }

  private static void awaitOpen(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException exception) {
      throw new IllegalStateException(exception);
    }
  }
}
