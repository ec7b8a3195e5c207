package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.exceptions.ApplicationErrorException;
import io.rsocket.frame.FrameType;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadataCodec;
import io.rsocket.metadata.TaggingMetadataCodec;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.ByteBufPayload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.messaging.rsocket.annotation.support.RSocketFrameTypeMessageCondition;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Invalid frames and requests affect only their own connection. */
class HostileRSocketTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();
  private static final int FOLLOWS = 0x80;
  private static final int METADATA = 0x100;
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home, "--agentledger.edge.header-timeout=2s");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @AfterEach
  void assertServiceIsHealthy() {
    var socket = connect();
    var answer = request(socket, "sessions.open", "{}");
    assertThat(answer).contains("\"id\":\"ses_");
    socket.dispose();
  }

  private static RSocket connect() {
    var metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
    CompositeMetadataCodec.encodeAndAddMetadata(
        metadata,
        ByteBufAllocator.DEFAULT,
        WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION,
        AuthMetadataCodec.encodeBearerMetadata(
            ByteBufAllocator.DEFAULT, server.key().toCharArray()));
    return RSocketConnector.create()
        .dataMimeType("application/json")
        .metadataMimeType(WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString())
        .setupPayload(ByteBufPayload.create(Unpooled.EMPTY_BUFFER, metadata))
        .connect(TcpClientTransport.create("127.0.0.1", server.rsocketPort()))
        .block(TIMEOUT);
  }

  private static Payload call(String route, String data) {
    var metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
    CompositeMetadataCodec.encodeAndAddMetadata(
        metadata,
        ByteBufAllocator.DEFAULT,
        WellKnownMimeType.MESSAGE_RSOCKET_ROUTING,
        TaggingMetadataCodec.createTaggingContent(ByteBufAllocator.DEFAULT, List.of(route)));
    return ByteBufPayload.create(
        Unpooled.wrappedBuffer(data.getBytes(StandardCharsets.UTF_8)), metadata);
  }

  private static String request(RSocket socket, String route, String data) {
    return socket.requestResponse(call(route, data)).map(HostileRSocketTest::text).block(TIMEOUT);
  }

  private static String text(Payload payload) {
    try {
      return payload.getDataUtf8();
    } finally {
      payload.release();
    }
  }

  private static byte[] frame(int stream, FrameType type, int flags, byte[] rest) {
    var frame = new ByteArrayOutputStream();
    int length = 6 + rest.length;
    frame.write(length >> 16);
    frame.write(length >> 8);
    frame.write(length);
    int kind = type.getEncodedType() << 10 | flags;
    frame.writeBytes(ByteBuffer.allocate(6).putInt(stream).putShort((short) kind).array());
    frame.writeBytes(rest);
    return frame.toByteArray();
  }

  private static byte[] setup(int major, byte[] more) {
    var mime = "application/json".getBytes(StandardCharsets.US_ASCII);
    var rest = ByteBuffer.allocate(12 + 2 * (1 + mime.length) + more.length);
    rest.putShort((short) major).putShort((short) 0).putInt(20_000).putInt(90_000);
    rest.put((byte) mime.length).put(mime).put((byte) mime.length).put(mime).put(more);
    return frame(0, FrameType.SETUP, 0, rest.array());
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  @Test
  void connectionWithoutASetupIsClosed() throws IOException {
    var beginnings = new ArrayList<byte[]>();
    beginnings.add("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    beginnings.add(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0});
    beginnings.add(new byte[] {0, 0, 0});
    beginnings.add(new byte[] {0, 0, 1, 0});
    beginnings.add(setup(99, new byte[0]));
    beginnings.add(frame(0, FrameType.SETUP, METADATA, new byte[3]));
    beginnings.add(frame(0, FrameType.RESUME, 0, new byte[40]));
    beginnings.add(frame(1, FrameType.REQUEST_RESPONSE, 0, new byte[3]));
    beginnings.add(frame(0, FrameType.LEASE, 0, new byte[8]));
    beginnings.add(frame(0, FrameType.KEEPALIVE, 0x80, new byte[8]));
    beginnings.add(frame(1, FrameType.EXT, 0, new byte[8]));
    var random = new Random(4);
    for (int i = 0; i < 50; i++) {
      var garbage = new byte[random.nextInt(200)];
      random.nextBytes(garbage);
      beginnings.add(garbage);
    }
    for (var beginning : beginnings)
      try (var raw = new RawHttp(server.rsocketPort())) {
        raw.send(beginning);
        assertThat(raw.isClosedWithin(10_000)).isTrue();
      }
  }

  @Test
  void malformedFramesAffectOnlyTheirConnection() throws IOException {
    var random = new Random(5);
    var frames = new ArrayList<byte[]>();
    var most = new byte[] {0x7F, -1, -1, -1};
    for (int index : new int[] {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      frames.add(frame(1, FrameType.REQUEST_STREAM, 0, number(index)));
      frames.add(frame(1, FrameType.REQUEST_CHANNEL, 0, number(index)));
      frames.add(frame(1, FrameType.REQUEST_N, 0, number(index)));
    }
    frames.add(frame(1, FrameType.REQUEST_STREAM, METADATA, join(most, new byte[] {-1, -1, -1})));
    frames.add(frame(1, FrameType.REQUEST_RESPONSE, METADATA, new byte[] {-1, -1, -1, 0}));
    frames.add(frame(1, FrameType.REQUEST_RESPONSE, METADATA, new byte[0]));
    frames.add(frame(1, FrameType.REQUEST_FNF, METADATA, new byte[] {0, 0}));
    frames.add(frame(2, FrameType.PAYLOAD, 0x20, new byte[5]));
    frames.add(frame(0, FrameType.PAYLOAD, 0x20, new byte[5]));
    frames.add(frame(1, FrameType.SETUP, 0, new byte[5]));
    frames.add(frame(1, FrameType.ERROR, 0, new byte[2]));
    frames.add(frame(0, FrameType.METADATA_PUSH, METADATA, new byte[50_000]));
    frames.add(frame(-1, FrameType.REQUEST_RESPONSE, 0, new byte[5]));
    for (int i = 0; i < 50; i++) {
      var garbage = new byte[random.nextInt(100)];
      random.nextBytes(garbage);
      frames.add(
          frame(
              random.nextInt(),
              FrameType.fromEncodedType(1 + random.nextInt(13)),
              random.nextInt(1024),
              garbage));
    }
    for (var frame : frames)
      try (var raw = new RawHttp(server.rsocketPort())) {
        raw.send(setup(1, new byte[0])).send(frame).send(frame);
        raw.isClosedWithin(20);
      }
  }

  private static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  @Test
  void unfinishedPayloadsAreBoundedInTotal() throws IOException {
    try (var raw = new RawHttp(server.rsocketPort())) {
      raw.send(setup(1, new byte[0]));
      var bytes = new byte[60_000];
      for (int stream = 1; stream < 400 && !raw.isClosedWithin(1); stream += 2)
        raw.send(frame(stream, FrameType.REQUEST_RESPONSE, FOLLOWS, bytes));
      assertThat(raw.isClosedWithin(10_000)).isTrue();
    }
    try (var raw = new RawHttp(server.rsocketPort())) {
      raw.send(setup(1, new byte[0]));
      var empty = frame(1, FrameType.PAYLOAD, FOLLOWS | 0x20, new byte[0]);
      raw.send(frame(1, FrameType.REQUEST_FNF, FOLLOWS, new byte[0]));
      var many = new ByteArrayOutputStream();
      for (int i = 0; i < 1_000; i++) many.writeBytes(empty);
      for (int i = 0; i < 100 && !raw.isClosedWithin(1); i++) raw.send(many.toByteArray());
      assertThat(raw.isClosedWithin(10_000)).isTrue();
    }
  }

  /** A reset would fail the client's writes, and it would not look for a reason. */
  @Test
  void clientThatStillSendsAFrameThatIsTooLongReadsTheReason() throws IOException {
    try (var client = new Socket("127.0.0.1", server.rsocketPort())) {
      client.setSoTimeout((int) TIMEOUT.toMillis());
      var frame = frame(1, FrameType.REQUEST_RESPONSE, 0, new byte[1_500_000]);
      client.getOutputStream().write(setup(1, new byte[0]));
      client.getOutputStream().write(frame, 0, 1_000);
      var received = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(received).contains("a frame exceeds 1 MiB");
      client.getOutputStream().write(frame, 1_000, frame.length - 1_000);
    }
  }

  @Test
  void concurrentRequestsPerConnectionAreLimited() {
    var session = server.openSession();
    var socket = connect();
    var route = "sessions." + session + ".events";
    var failures = new java.util.concurrent.CopyOnWriteArrayList<Throwable>();
    var streams =
        Flux.range(0, 300)
            .map(
                i ->
                    socket
                        .requestStream(call(route, "{}"))
                        .subscribe(Payload::release, failures::add))
            .collectList()
            .block(TIMEOUT);
    await().atMost(TIMEOUT).until(() -> failures.size() == 300 - 256);
    assertThat(failures.getFirst()).hasMessageContaining("too_many_requests");
    streams.forEach(reactor.core.Disposable::dispose);
    await()
        .atMost(TIMEOUT)
        .until(() -> catchThrowable(() -> request(socket, "sessions.open", "{}")) == null);
    socket.dispose();
  }

  @Test
  void everyRouteHandlesHostileInputWithoutAnInternalError() {
    long seed = Long.getLong("hostile.seed", System.nanoTime());
    var random = new Random(seed);
    var hostile = new HostileInputGenerator(seed);
    var bodies =
        HostileRequestRunner.routes(server).stream()
            .map(HostileRequestRunner.Route::body)
            .distinct()
            .toList();
    var session = server.openSession().value();
    var routes = server.bean(RSocketMessageHandler.class).getHandlerMethods().keySet();
    assertThat(routes).hasSizeGreaterThan(5);
    var socket = connect();
    for (var condition : routes) {
      var pattern =
          condition
              .getCondition(
                  org.springframework.messaging.handler.DestinationPatternsMessageCondition.class)
              .getPatterns()
              .iterator()
              .next();
      var kind = condition.getCondition(RSocketFrameTypeMessageCondition.class);
      for (int i = 0; i < 60; i++) {
        var body = bodies.get(random.nextInt(bodies.size()));
        var text = hostile.body(body == null ? String.class : body);
        if (text.length() > 500_000) continue;
        var route = pattern.replaceAll("\\{[^}]*}", i % 4 == 0 ? "ses_2222222222" : session);
        assertNoFault(socket, kind, route, text, "seed " + seed + ", " + route + ": " + text);
      }
    }
    socket.dispose();
  }

  private static void assertNoFault(
      RSocket socket,
      RSocketFrameTypeMessageCondition kind,
      String route,
      String text,
      String what) {
    var payload = call(route, text);
    boolean one = kind.toString().contains("REQUEST_RESPONSE") || kind.toString().contains("FNF");
    Flux<Payload> items =
        one
            ? socket.requestResponse(payload).flux()
            : kind.toString().contains("CHANNEL")
                ? socket.requestChannel(Flux.just(payload).concatWith(Flux.never()))
                : socket.requestStream(payload);
    var timeout = one ? TIMEOUT : Duration.ofMillis(30);
    Mono<Void> request = items.doOnNext(Payload::release).take(timeout).then();
    var failure = catchThrowable(() -> request.block(TIMEOUT));
    if (failure == null) return;
    assertThat(failure).as(what).isInstanceOf(ApplicationErrorException.class);
    var problem = JSON.readTree(failure.getMessage());
    assertThat(problem.path("status").asInt()).as(what + " -> " + failure).isBetween(400, 499);
  }
}
