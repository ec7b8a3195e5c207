package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.audit.DenialRecorder.Denial;
import io.agentledger.api.audit.DenialRecorder.Reason;
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
  private static final String IP = "127.0.0.1";
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

  @Test
  void anonymousDenialIsRecordedWithTheRouteTemplate() {
    var path = "/api/v1/sessions/ses_secret2222?token=secret";
    server.send(HttpRequest.newBuilder(server.uri(path)).GET());
    server.send(HttpRequest.newBuilder(server.uri("/api/v1/nothing/secret")).GET());
    assertThat(countingDenialRecorder.denials)
        .containsExactly(
            new Denial(IP, Reason.UNAUTHENTICATED, "GET /api/v1/sessions/{id}", null, null),
            new Denial(IP, Reason.UNAUTHENTICATED, "GET none", null, null));
  }

  @Test
  void notFoundIsRecordedWithTheCredential() {
    server.get("/api/v1/sessions/ses_2222222222");
    assertThat(countingDenialRecorder.denials)
        .containsExactly(
            new Denial(
                IP,
                Reason.NOT_FOUND,
                "GET /api/v1/sessions/{id}",
                ScriptedBackend.OWNER.tenant(),
                ScriptedBackend.OWNER.credential()));
  }

  @Test
  void otherErrorsAreNotRecorded() {
    server.get("/api/v1/sessions/" + server.openSession());
    server.post("/api/v1/sessions", "{\"unknown\": 1}");
    server.get("/api/v1/nothing");
    assertThat(countingDenialRecorder.denials).isEmpty();
  }
}
