package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.audit.DenialRecorder.Denial;
import io.agentledger.api.audit.DenialRecorder.Kind;
import io.agentledger.scripted.CountedRefusals;
import io.agentledger.scripted.ScriptedSides;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the doors refuse, the access audit is told, in words that hold nothing of what was sent. */
class RefusalsTest {
  private static final String IP = "127.0.0.1";
  private static ApiTestServer doors;
  private static CountedRefusals refusals;

  @BeforeAll
  static void open(@TempDir Path home) {
    doors = ApiTestServer.open(home);
    refusals = doors.bean(CountedRefusals.class);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  @BeforeEach
  void forget() {
    refusals.all.clear();
  }

  @Test
  void whoIsUnknownIsToldByTheTemplateOfTheRoute() {
    var path = "/api/v1/sessions/ses_secret2222?token=secret";
    doors.send(HttpRequest.newBuilder(doors.uri(path)).GET());
    doors.send(HttpRequest.newBuilder(doors.uri("/api/v1/nothing/secret")).GET());
    assertThat(refusals.all)
        .containsExactly(
            new Denial(IP, Kind.UNAUTHENTICATED, "GET /api/v1/sessions/{id}", null, null),
            new Denial(IP, Kind.UNAUTHENTICATED, "GET none", null, null));
  }

  @Test
  void whoAsksForWhatIsNotThereIsToldWithTheCredential() {
    doors.get("/api/v1/sessions/ses_2222222222");
    assertThat(refusals.all)
        .containsExactly(
            new Denial(
                IP,
                Kind.NOT_FOUND,
                "GET /api/v1/sessions/{id}",
                ScriptedSides.OWNER.tenant(),
                ScriptedSides.OWNER.credential()));
  }

  @Test
  void whatIsNoRefusalIsNotTold() {
    doors.get("/api/v1/sessions/" + doors.openSession());
    doors.post("/api/v1/sessions", "{\"unknown\": 1}");
    doors.get("/api/v1/nothing");
    assertThat(refusals.all).isEmpty();
  }
}
