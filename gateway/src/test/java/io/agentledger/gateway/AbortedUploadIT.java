package io.agentledger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.claude.sandbox.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads whose clients disconnect leave nothing on the disk. */
class AbortedUploadIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String BOUNDARY = "b";
  private static final ApiTestServer server = ApiTestServer.sharedService();

  private final Path run = server.bean(RunDirectory.class).root();

  private static Set<String> names(Path directory) {
    try (var entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
    } catch (NoSuchFileException absent) {
      return Set.of();
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private Path staging(String session) {
    return run.resolve("s").resolve(session).resolve("put");
  }

  private static Socket beginUpload(String request, String type, String start) throws IOException {
    var socket = new Socket("127.0.0.1", server.port());
    var head =
        List.of(
            request + " HTTP/1.1",
            "Host: 127.0.0.1:" + server.port(),
            "Authorization: Bearer " + server.key(),
            "Content-Type: " + type,
            "Content-Length: 1000000");
    var out = socket.getOutputStream();
    out.write((String.join("\r\n", head) + "\r\n\r\n" + start).getBytes(UTF_8));
    return socket;
  }

  @ParameterizedTest
  @ValueSource(strings = {"files/content?path=file", "files/archive"})
  void abortedUploadLeavesNoStagedFile(String path) throws IOException {
    var session = server.openSession().value();
    var request = "PUT /api/v1/sessions/" + session + "/" + path;
    try (var socket = beginUpload(request, "application/octet-stream", "first")) {
      await().atMost(TIMEOUT).until(() -> names(staging(session)).size() == 1);
    }
    await().atMost(TIMEOUT).until(() -> names(staging(session)).isEmpty());
  }

  @Test
  void abortedOpeningLeavesNoSessionAndNoUid() throws IOException {
    var sessions = names(run.resolve("s"));
    var uids = names(run.resolve("uids"));
    var part =
        "--"
            + BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\n";
    var opened =
        beginUpload(
            "POST /api/v1/sessions",
            "multipart/form-data; boundary=" + BOUNDARY,
            part + "x".repeat(100_000));
    try (var socket = opened) {
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  names(run.resolve("s")).stream()
                      .filter(name -> !sessions.contains(name))
                      .anyMatch(name -> !names(staging(name)).isEmpty()));
    }
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(sessions).containsAll(names(run.resolve("s")));
              assertThat(uids).containsAll(names(run.resolve("uids")));
            });
  }
}
