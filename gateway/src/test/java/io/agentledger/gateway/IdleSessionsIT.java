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
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void unusedItExpiresIsResumedAndIsArchivedInTheEnd(@TempDir Path home) throws IOException {
    try (var doors =
        Doors.house(
            home,
            "--agentledger.session.expires-after=2s",
            "--agentledger.session.archived-after=6s",
            "--agentledger.session.look=1s")) {
      var session = "/api/v1/sessions/" + doors.openSession();
      awaitStage(doors, session, "expired");
      var refused = doors.post(session + "/query", "{\"prompt\": \"hello\"}");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(410);
      assertThat(Doors.json(refused).path("code").asString()).isEqualTo("session_expired");
      assertThat(Doors.json(refused).at("/details/since").isString()).as(refused.body()).isTrue();
      var resumed = doors.post(session + "/resume", "{\"prompt\": \"hello\"}");
      assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(202);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(
                          Doors.json(doors.get(session + "/runs")).at("/items/0/state").asString())
                      .isEqualTo("completed"));
      awaitStage(doors, session, "archived");
    }
  }

  private static void awaitStage(Doors doors, String session, String stage) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(Doors.json(doors.get(session)).path("stage").asString())
                    .isEqualTo(stage));
  }
}
