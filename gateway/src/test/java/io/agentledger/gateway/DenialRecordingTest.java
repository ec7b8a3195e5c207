package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.audit.DenialRecorder.Denial;
import io.agentledger.api.audit.DenialRecorder.Reason;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.scripted.CountingDenialRecorder;
import io.agentledger.scripted.ScriptedBackend;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Denied requests are recorded for the access audit, without values of the request. */
class DenialRecordingTest {
  private static final RequestSource SOURCE = new RequestSource("127.0.0.1", "probe/1.0");
  private static ApiTestServer server;
  private static CountingDenialRecorder countingDenialRecorder;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
    countingDenialRecorder = server.bean(CountingDenialRecorder.class);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @BeforeEach
  void clearDenials() {
    countingDenialRecorder.denials.clear();
  }

  private static HttpRequest.Builder identified(HttpRequest.Builder request, String requestId) {
    return request.header("X-Request-ID", requestId).header("User-Agent", "probe/1.0");
  }

  @Test
  void anonymousDenialIsRecordedWithTheRouteTemplate() {
    var path = "/api/v1/sessions/ses_secret2222?token=secret";
    server.send(identified(HttpRequest.newBuilder(server.uri(path)), "req_a"));
    server.send(identified(HttpRequest.newBuilder(server.uri("/api/v1/nothing/secret")), "req_b"));
    assertThat(countingDenialRecorder.denials)
        .containsExactly(
            new Denial(
                SOURCE,
                "req_a",
                Reason.UNAUTHENTICATED,
                "GET /api/v1/sessions/{id}",
                null,
                null,
                null),
            new Denial(SOURCE, "req_b", Reason.UNAUTHENTICATED, "GET none", null, null, null));
  }

  @Test
  void notFoundIsRecordedWithTheCaller() {
    server.send(identified(server.request("/api/v1/sessions/ses_2222222222"), "req_c"));
    assertThat(countingDenialRecorder.denials)
        .containsExactly(
            new Denial(
                SOURCE,
                "req_c",
                Reason.NOT_FOUND,
                "GET /api/v1/sessions/{id}",
                ScriptedBackend.OWNER.tenant(),
                ScriptedBackend.OWNER.credential(),
                ScriptedBackend.OWNER.actor()));
  }

  @Test
  void otherErrorsAreNotRecorded() {
    server.get("/api/v1/sessions/" + server.openSession());
    server.post("/api/v1/sessions", "{\"unknown\": 1}");
    server.get("/api/v1/nothing");
    assertThat(countingDenialRecorder.denials).isEmpty();
  }
}
