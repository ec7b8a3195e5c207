package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Invalid WebSocket frames end their own connection only. */
class HostileSocketTest {
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int PING = 9;
  private static final int FINAL = 0x80;
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @AfterEach
  void assertServiceIsHealthy() {
    assertThat(server.get("/api/v1/status").statusCode()).isEqualTo(200);
  }

  private static RawHttp socket(String path) throws IOException {
    var raw = new RawHttp(server.port());
    raw.send(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
            + server.key()
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    assertThat(raw.answer().orElseThrow().status()).isEqualTo(101);
    return raw;
  }

  private static byte[] frame(int first, byte[] payload) {
    return frame(first, payload.length, payload);
  }

  /** Masks with zeros, so that the payload is sent unchanged. */
  private static byte[] frame(int first, long length, byte[] payload) {
    var frame = new ByteArrayOutputStream();
    frame.write(first);
    if (length >= 0 && length < 126) frame.write((int) (0x80 | length));
    else if (length >= 0 && length < 65_536) {
      frame.write(0x80 | 126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      frame.write(0x80 | 127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("of 2^62 bytes", frame(FINAL | TEXT, 1L << 62, text("{"))),
        Arguments.of("of a negative length", frame(FINAL | TEXT, -1L, text("{"))),
        Arguments.of("over a mebibyte", frame(FINAL | TEXT, new byte[1_100_000])),
        Arguments.of("of a reserved kind", frame(FINAL | 3, text("{}"))),
        Arguments.of("that goes on with nothing", frame(FINAL | CONTINUATION, text("{}"))),
        Arguments.of("that pings in pieces", frame(PING, text("a"))),
        Arguments.of("that pings with a kilobyte", frame(FINAL | PING, new byte[1_000])),
        Arguments.of("that is not masked", new byte[] {(byte) (FINAL | TEXT), 2, '{', '}'}));
  }

  @ParameterizedTest(name = "a frame {0}")
  @MethodSource("broken")
  void malformedFrameClosesItsConnection(String what, byte[] frame) throws IOException {
    var session = server.openSession();
    for (var path :
        new String[] {
          "/api/v1/sessions/" + session + "/ws", "/ws/sessions/" + session, "/api/v1/query/ws"
        })
      try (var raw = socket(path)) {
        raw.send(frame);
        assertThat(raw.isClosedWithin(10_000)).as(path).isTrue();
      }
  }

  @Test
  void invalidTextIsAnsweredWithAnError() throws IOException {
    try (var raw = socket("/ws/sessions/" + server.openSession())) {
      raw.send(frame(FINAL | TEXT, new byte[] {'"', (byte) 0xC3, 0x28, '"'}));
      assertThat(raw.untilText("\"errors\"")).contains("invalid_request");
    }
  }

  @Test
  void fragmentedMessageIsBoundedAsAWhole() throws IOException {
    try (var raw = socket("/api/v1/query/ws")) {
      raw.send(frame(TEXT, new byte[60_000]));
      for (int i = 0; i < 40; i++) raw.send(frame(CONTINUATION, new byte[60_000]));
      assertThat(raw.isClosedWithin(10_000)).isTrue();
    }
  }

  @Test
  void pingFloodIsAnsweredOrCutOff() throws IOException {
    var ping = frame(FINAL | PING, text("a"));
    try (var raw = socket("/ws/sessions/" + server.openSession())) {
      for (int i = 0; i < 20_000; i++) raw.send(ping);
      raw.send(frame(FINAL | TEXT, text("{\"type\": \"ping\"}")));
    }
  }

  @Test
  void hostileMessagesAreAnsweredWithoutAnInternalError() throws IOException {
    long seed = Long.getLong("hostile.seed", System.nanoTime());
    var random = new Random(seed);
    var hostile = new HostileInputGenerator(seed);
    var bodies =
        HostileRequestRunner.routes(server).stream()
            .map(HostileRequestRunner.Route::body)
            .distinct()
            .toList();
    var session = server.openSession();
    for (int i = 0; i < 150; i++)
      try (var raw = socket(i % 2 == 0 ? "/ws/sessions/" + session : "/api/v1/query/ws")) {
        var body = bodies.get(random.nextInt(bodies.size()));
        var text = hostile.body(body == null ? String.class : body);
        if (text.length() > 1_000_000) continue;
        raw.send(frame(FINAL | (random.nextInt(4) == 0 ? BINARY : TEXT), text(text)));
        raw.send(frame(FINAL | TEXT, text("{\"type\": \"ping\", \"ref\": \"last\"}")));
        assertThat(raw.untilText("\"last\""))
            .as("seed %s: %s", seed, text)
            .doesNotContain("\"status\":5");
      }
  }
}
