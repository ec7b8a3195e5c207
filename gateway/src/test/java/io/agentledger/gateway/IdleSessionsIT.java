package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that nobody uses expire by themselves, and come back with a prompt. */
class IdleSessionsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void unusedItExpiresIsResumedAndIsArchivedInTheEnd(@TempDir Path home) throws IOException {
    try (var doors =
        ApiTestServer.house(
            home,
            "--agentledger.session.expires-after=2s",
            "--agentledger.session.archived-after=6s",
            "--agentledger.session.look=1s")) {
      var session = "/api/v1/sessions/" + doors.openSession();
      awaitStage(doors, session, "expired");
      var refused = doors.post(session + "/query", "{\"prompt\": \"hello\"}");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(410);
      assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("session_expired");
      assertThat(ApiTestServer.json(refused).at("/details/since").isString())
          .as(refused.body())
          .isTrue();
      var resumed = doors.post(session + "/resume", "{\"prompt\": \"hello\"}");
      assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(202);
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(
                          ApiTestServer.json(doors.get(session + "/runs"))
                              .at("/items/0/state")
                              .asString())
                      .isEqualTo("completed"));
      awaitStage(doors, session, "archived");
    }
  }

  private static void awaitStage(ApiTestServer doors, String session, String stage) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(ApiTestServer.json(doors.get(session)).path("stage").asString())
                    .isEqualTo(stage));
  }
}
