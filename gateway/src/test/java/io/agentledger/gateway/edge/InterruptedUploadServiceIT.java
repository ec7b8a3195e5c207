package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Uploads that end in their middle are logged as what they are, and never as internal errors. */
@ExtendWith(OutputCaptureExtension.class)
class InterruptedUploadServiceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String PART =
      "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"f\"\r\n\r\n";

  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    server = ApiTestServer.openService(home, "--agentledger.edge.body-timeout=1s");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  /** Begins a request with a body of which only a part follows. */
  private static String begin(String line, String type, String id) {
    return line
        + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
        + server.key()
        + "\r\nX-Request-ID: "
        + id
        + "\r\nContent-Type: "
        + type
        + "\r\nContent-Length: 100000\r\n\r\n";
  }

  private static String beginUpload(String path, String id) {
    return path.isEmpty()
        ? begin("POST /api/v1/sessions", "multipart/form-data; boundary=b", id) + PART + "x"
        : begin(
                "PUT /api/v1/sessions/" + server.openSession() + path,
                "application/octet-stream",
                id)
            + "x";
  }

  private static String awaitRequestLine(CapturedOutput output, String id) {
    return await()
        .atMost(TIMEOUT)
        .until(
            () ->
                output
                    .toString()
                    .lines()
                    .filter(line -> line.contains("requestId=\"" + id + "\""))
                    .filter(line -> line.contains("io.agentledger.requests"))
                    .findFirst(),
            line -> line.isPresent())
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/files/content?path=f", "/files/archive"})
  void timeoutIsLoggedWithTheStatusThatTheClientReceives(String path, CapturedOutput output)
      throws IOException {
    try (var raw = new RawHttp(server.port())) {
      raw.send(beginUpload(path, "req_timeout"));
      assertThat(raw.answer().orElseThrow().status()).isEqualTo(408);
    }
    assertThat(awaitRequestLine(output, "req_timeout"))
        .contains("status=\"408\"")
        .doesNotContain("aborted");
    assertThat(output).doesNotContain("a request failed with an internal error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/files/content?path=f", "/files/archive"})
  void disconnectIsNoInternalError(String path, CapturedOutput output) throws IOException {
    try (var raw = new RawHttp(server.port())) {
      raw.send(beginUpload(path, "req_disconnect"));
    }
    assertThat(awaitRequestLine(output, "req_disconnect")).contains("aborted=\"true\"");
    assertThat(output).doesNotContain("a request failed with an internal error");
  }
}
