package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.agentledger.api.session.SessionId;
import io.agentledger.scripted.ScriptedBackend;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.exceptions.ApplicationErrorException;
import io.rsocket.exceptions.RejectedSetupException;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadataCodec;
import io.rsocket.metadata.TaggingMetadataCodec;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.transport.ClientTransport;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.client.WebsocketClientTransport;
import io.rsocket.util.ByteBufPayload;
import io.rsocket.util.DefaultPayload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sessions over RSocket, on TCP and on WebSocket. */
class RSocketTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static ClientTransport tcp() {
    return TcpClientTransport.create("127.0.0.1", server.rsocketPort());
  }

  private static ClientTransport webSocket() {
    return WebsocketClientTransport.create(server.uri("/rsocket").resolve("/rsocket"));
  }

  static CompositeByteBuf auth(String key) {
    var metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
    CompositeMetadataCodec.encodeAndAddMetadata(
        metadata,
        ByteBufAllocator.DEFAULT,
        WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION,
        AuthMetadataCodec.encodeBearerMetadata(ByteBufAllocator.DEFAULT, key.toCharArray()));
    return metadata;
  }

  static RSocket connect(ClientTransport transport, Payload setup) {
    return RSocketConnector.create()
        .dataMimeType("application/json")
        .metadataMimeType(WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString())
        .setupPayload(setup)
        .connect(transport)
        .block(TIMEOUT);
  }

  private static RSocket owner(ClientTransport transport) {
    return connect(
        transport, ByteBufPayload.create(Unpooled.EMPTY_BUFFER, auth(ScriptedBackend.KEY)));
  }

  static Payload call(String route, String data) {
    return call(ByteBufAllocator.DEFAULT.compositeBuffer(), route, data);
  }

  private static Payload call(CompositeByteBuf metadata, String route, String data) {
    CompositeMetadataCodec.encodeAndAddMetadata(
        metadata,
        ByteBufAllocator.DEFAULT,
        WellKnownMimeType.MESSAGE_RSOCKET_ROUTING,
        TaggingMetadataCodec.createTaggingContent(ByteBufAllocator.DEFAULT, List.of(route)));
    return ByteBufPayload.create(
        Unpooled.wrappedBuffer(data.getBytes(StandardCharsets.UTF_8)), metadata);
  }

  private static Payload withMetadata(byte[] metadata) {
    return ByteBufPayload.create(Unpooled.EMPTY_BUFFER, Unpooled.wrappedBuffer(metadata));
  }

  /** A route whose length exceeds its metadata. */
  private static Payload truncatedRoute() {
    var metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
    CompositeMetadataCodec.encodeAndAddMetadata(
        metadata,
        ByteBufAllocator.DEFAULT,
        WellKnownMimeType.MESSAGE_RSOCKET_ROUTING,
        Unpooled.wrappedBuffer(new byte[] {(byte) 200, 'a'}));
    return ByteBufPayload.create(Unpooled.EMPTY_BUFFER, metadata);
  }

  private static Payload notUtf8(String route) {
    var metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
    CompositeMetadataCodec.encodeAndAddMetadata(
        metadata,
        ByteBufAllocator.DEFAULT,
        WellKnownMimeType.MESSAGE_RSOCKET_ROUTING,
        TaggingMetadataCodec.createTaggingContent(ByteBufAllocator.DEFAULT, List.of(route)));
    var data = "{\"title\": \"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
    return ByteBufPayload.create(Unpooled.wrappedBuffer(data), metadata);
  }

  static JsonNode json(Payload payload) {
    try {
      return JSON.readTree(payload.getDataUtf8());
    } finally {
      payload.release();
    }
  }

  private static JsonNode request(RSocket socket, String route, String data) {
    return socket.requestResponse(call(route, data)).map(RSocketTest::json).block(TIMEOUT);
  }

  @Test
  void malformedMetadataIsRefused() {
    var lines = new CopyOnWriteArrayList<ILoggingEvent>();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent line) {
            lines.add(line);
          }
        };
    var log = (Logger) LoggerFactory.getLogger("io.agentledger.gateway.support.problem");
    appender.start();
    log.addAppender(appender);
    var socket = owner(tcp());
    for (var request :
        List.of(
            withMetadata(new byte[] {-1, -1, -1, -1, 1, 2}),
            withMetadata(new byte[] {1}),
            withMetadata("not/composite".getBytes(StandardCharsets.US_ASCII)),
            truncatedRoute()))
      assertThatThrownBy(() -> socket.requestResponse(request).block(TIMEOUT))
          .isInstanceOf(ApplicationErrorException.class)
          .hasMessageContainingAll("\"status\":400", "\"code\":\"invalid_request\"");
    assertThat(request(socket, "sessions.open", "{}").path("id").isString()).isTrue();
    socket.dispose();
    log.detachAppender(appender);
    assertThat(lines).isEmpty();
  }

  @Test
  void connectionIsClosedWithAReasonAfterAFrameThatIsTooLong() {
    var socket = owner(tcp());
    assertThat(request(socket, "sessions.open", "{}").path("id").isString()).isTrue();
    var text = "x".repeat(1_500_000);
    assertThatThrownBy(
            () ->
                socket
                    .requestResponse(call("sessions.list", "{\"text\": \"" + text + "\"}"))
                    .block(Duration.ofSeconds(10)))
        .hasMessageContaining("a frame exceeds 1 MiB");
    socket.onClose().onErrorComplete().block(Duration.ofSeconds(10));
    assertThat(socket.isDisposed()).isTrue();
  }

  @Test
  void sessionsAreOpenedFoundAndFollowedOverTcpAndWebSocket() {
    for (var transport : List.of(tcp(), webSocket())) {
      var socket = owner(transport);
      var id =
          request(socket, "sessions.open", "{\"title\": \"by rsocket\"}").path("id").asString();
      assertThat(request(socket, "sessions." + id + ".get", "").path("title").asString())
          .isEqualTo("by rsocket");
      var types =
          socket
              .requestStream(call("query", "{\"session_id\": \"" + id + "\", \"prompt\": \"hi\"}"))
              .map(payload -> json(payload).path("type").asString())
              .collectList()
              .block(TIMEOUT);
      assertThat(types).containsExactly("message", "result", "done");
      var events =
          socket
              .requestStream(call("sessions." + id + ".events", "{\"after\": 0}"))
              .map(payload -> json(payload).path("sequence").asInt())
              .take(4)
              .collectList()
              .block(TIMEOUT);
      assertThat(events).containsExactly(1, 2, 3, 4);
      socket.dispose();
    }
  }

  @Test
  void acceptedQueryOfAnInvisibleSessionIsNotStreamed() {
    var session = server.openSession();
    server.backend().unshare(session, ScriptedBackend.OWNER.user());
    var socket = owner(tcp());
    var query = "{\"session_id\": \"" + session + "\", \"prompt\": \"hello\"}";
    assertRefused(
        () -> socket.requestStream(call("query", query)).blockLast(TIMEOUT),
        404,
        "session_not_found");
    socket.dispose();
  }

  @Test
  void streamRespectsDemand() {
    var session = server.openSession();
    for (int i = 0; i < 50; i++)
      server.backend().appendEvent(session, null, ScriptedBackend.message("m"));
    var seen = new CopyOnWriteArrayList<Integer>();
    var socket = owner(tcp());
    var subscriber =
        new BaseSubscriber<Payload>() {
          @Override
          protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(3);
          }

          @Override
          protected void hookOnNext(Payload payload) {
            seen.add(json(payload).path("sequence").asInt());
          }
        };
    socket
        .requestStream(call("sessions." + session + ".events", "{\"after\": 0}"))
        .subscribe(subscriber);
    await().atMost(TIMEOUT).until(() -> seen.size() == 3);
    await().during(Duration.ofMillis(300)).until(() -> seen.size() == 3);
    subscriber.request(2);
    await().atMost(TIMEOUT).until(() -> seen.size() == 5);
    assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    subscriber.cancel();
    socket.dispose();
  }

  @Test
  void channelCarriesAConversation() {
    var session = server.openSession();
    var socket = owner(tcp());
    var words = Sinks.many().unicast().<String>onBackpressureBuffer();
    words.tryEmitNext("{\"after\": 0}");
    words.tryEmitNext("{\"type\": \"ping\"}");
    words.tryEmitNext("{\"type\": \"prompt\", \"prompt\": \"hello\", \"ref\": \"r\"}");
    var first = new java.util.concurrent.atomic.AtomicBoolean(true);
    Flux<Payload> calls =
        words
            .asFlux()
            .map(
                text ->
                    first.getAndSet(false)
                        ? call("sessions." + session + ".converse", text)
                        : DefaultPayload.create(text));
    var received = new CopyOnWriteArrayList<JsonNode>();
    var talk = socket.requestChannel(calls).map(RSocketTest::json).subscribe(received::add);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(received.stream().map(item -> item.path("type").asString()))
                    .contains("pong", "receipt", "result", "status"));
    talk.dispose();
    socket.dispose();
  }

  @Test
  void interruptIsFireAndForget() {
    var session = server.openSession();
    var socket = owner(tcp());
    server.backend().lastProvenance = null;
    socket.fireAndForget(call("sessions." + session + ".interrupt", "")).block(TIMEOUT);
    await().atMost(TIMEOUT).until(() -> server.backend().lastProvenance != null);
    socket.dispose();
  }

  @Test
  void everyInteractionWithoutAKeyIsRejectedAsAProblem() {
    var socket = connect(tcp(), ByteBufPayload.create(Unpooled.EMPTY_BUFFER));
    var session = server.openSession();
    assertRefused(() -> request(socket, "sessions.list", "{}"), 401, "unauthorized");
    assertRefused(
        () -> socket.requestStream(call("sessions." + session + ".events", "")).blockLast(TIMEOUT),
        401,
        "unauthorized");
    assertRefused(
        () ->
            socket
                .requestChannel(Flux.just(call("sessions." + session + ".converse", "{}")))
                .blockLast(TIMEOUT),
        401,
        "unauthorized");
    server.backend().lastProvenance = null;
    socket.fireAndForget(call("sessions." + session + ".interrupt", "")).block(TIMEOUT);
    assertRefused(() -> request(socket, "sessions." + session + ".get", ""), 401, "unauthorized");
    assertThat(server.backend().lastProvenance).isNull();
    socket.dispose();
  }

  @Test
  void eachRequestIsLoggedWithItsRouteAndIds() {
    var logger = (Logger) LoggerFactory.getLogger("io.agentledger.requests");
    var lines = new CopyOnWriteArrayList<ILoggingEvent>();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent line) {
            lines.add(line);
          }
        };
    appender.start();
    logger.addAppender(appender);
    var socket = owner(tcp());
    try {
      var session = server.openSession();
      request(socket, "sessions." + session + ".get", "");
      assertThatThrownBy(() -> request(socket, "sessions.ses_3333333333.rename", "{\"x\": 1}"));
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(lines)
                      .map(RSocketTest::fields)
                      .anySatisfy(
                          fields ->
                              assertThat(fields)
                                  .containsEntry("route", "sessions.{id}.get")
                                  .containsEntry("method", "request_response")
                                  .containsEntry("status", "200")
                                  .containsEntry("path.id", session.value())
                                  .containsKeys("durationMs", "requestId", "tenantId", "actor"))
                      .anySatisfy(
                          fields ->
                              assertThat(fields)
                                  .containsEntry("route", "sessions.{id}.rename")
                                  .containsEntry("status", "400")));
    } finally {
      logger.detachAppender(appender);
      socket.dispose();
    }
  }

  private static Map<String, String> fields(ILoggingEvent line) {
    return line.getKeyValuePairs() == null
        ? Map.of()
        : line.getKeyValuePairs().stream()
            .collect(Collectors.toMap(pair -> pair.key, pair -> "" + pair.value));
  }

  @Test
  void keyMayComeWithTheRequest() {
    var socket = connect(tcp(), ByteBufPayload.create(Unpooled.EMPTY_BUFFER));
    var opened =
        socket
            .requestResponse(call(auth(ScriptedBackend.KEY), "sessions.open", "{}"))
            .map(RSocketTest::json)
            .block(TIMEOUT);
    assertThat(opened.path("id").asString()).startsWith("ses_");
    socket.dispose();
  }

  @Test
  void wrongKeyAtSetupClosesTheConnection() {
    var socket = connect(tcp(), ByteBufPayload.create(Unpooled.EMPTY_BUFFER, auth("wrong")));
    assertThatThrownBy(() -> request(socket, "sessions.list", "{}"))
        .satisfies(
            failure ->
                assertThat(failure)
                    .isInstanceOfAny(
                        RejectedSetupException.class,
                        java.nio.channels.ClosedChannelException.class));
  }

  @Test
  void rejectionsMatchThoseOfRest() {
    var socket = owner(tcp());
    var nobody = SessionId.next();
    assertRefused(
        () -> request(socket, "sessions." + nobody + ".get", ""), 404, "session_not_found");
    assertRefused(() -> request(socket, "sessions.nonsense.get", ""), 404, "session_not_found");
    assertRefused(() -> request(socket, "sessions.list", "{\"x\": 1}"), 400, "invalid_request");
    assertRefused(() -> request(socket, "sessions.open", "{\"x\": 1}"), 400, "invalid_request");
    assertRefused(() -> request(socket, "sessions.open", "nonsense"), 400, "invalid_request");
    assertRefused(
        () -> socket.requestResponse(notUtf8("sessions.open")).block(TIMEOUT),
        400,
        "invalid_request");
    assertRefused(
        () -> socket.requestStream(call("query", "{\"prompt\": \"\"}")).blockLast(TIMEOUT),
        400,
        "invalid_request");
    assertRefused(
        () -> socket.requestStream(call("sessions.x.events", "")).blockLast(TIMEOUT),
        404,
        "session_not_found");
    assertRefused(() -> request(socket, "sessions.dance", "{}"), 404, "not_found");
    socket.dispose();
  }

  private static void assertRefused(Runnable call, int status, String code) {
    assertThatThrownBy(call::run)
        .isInstanceOf(ApplicationErrorException.class)
        .satisfies(
            failure -> {
              var problem = JSON.readTree(failure.getMessage());
              assertThat(problem.path("status").asInt()).as(failure.getMessage()).isEqualTo(status);
              assertThat(problem.path("code").asString()).isEqualTo(code);
              assertThat(problem.path("request_id").asString()).startsWith("req_");
            });
  }
}
