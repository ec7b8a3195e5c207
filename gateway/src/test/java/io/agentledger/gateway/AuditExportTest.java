package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.scripted.ScriptedBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An export without an end: pages are read only as fast as the client reads them. */
class AuditExportTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int MIB = 1024 * 1024;

  /** A page is about 0.5 MiB; the buffers of both sockets and of the response hold the rest. */
  private static final long PAGES_AHEAD_MAX = 60;

  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static long pages() {
    return server.backend().auditPages.sum();
  }

  private static Socket request(String format) throws IOException {
    var socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout((int) TIMEOUT.toMillis());
    var request =
        "GET /api/v1/audit/export?format=%s HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\n\r\n"
            .formatted(format, ScriptedBackend.KEY);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void read(InputStream input, int bytes) throws IOException {
    assertThat(input.readNBytes(bytes)).hasSize(bytes);
  }

  /** Waits until no page was read for a second and returns the number of pages. */
  private static long awaitStandstill() {
    var last = new long[] {-1};
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> last[0] == (last[0] = pages()));
    return last[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"ndjson", "csv"})
  void slowClientHoldsBackThePages(String format) throws IOException {
    long before = pages();
    try (var socket = request(format)) {
      var input = socket.getInputStream();
      read(input, MIB);
      long standstill = awaitStandstill();
      assertThat(standstill - before).isBetween(1L, PAGES_AHEAD_MAX);
      read(input, 100 * MIB);
      assertThat(pages()).isGreaterThan(standstill + 50);
      assertThat(pages() - before).isLessThan(300 + PAGES_AHEAD_MAX);
    }
    awaitEnd(); // The client disconnected while the export waited for it.
  }

  private static void awaitEnd() {
    await().atMost(TIMEOUT).until(() -> server.backend().activeRequests.get() == 0);
  }

  @Test
  void disconnectEndsTheExport() throws Exception {
    var closed = new AtomicBoolean();
    long before = pages();
    var socket = request("ndjson");
    var reader = Thread.ofVirtual().start(() -> readUntil(closed, socket));
    await().atMost(TIMEOUT).until(() -> pages() - before > 20);
    closed.set(true);
    reader.join(TIMEOUT);
    assertThat(server.backend().activeRequests).hasPositiveValue();
    socket.close();
    awaitEnd();
  }

  private static void readUntil(AtomicBoolean closed, Socket socket) {
    try {
      var input = socket.getInputStream();
      while (!closed.get()) read(input, 64 * 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
