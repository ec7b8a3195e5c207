package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Idle sessions expire, and are resumed by a prompt. */
class IdleSessionsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void unusedSessionExpiresIsResumedAndFinallyArchived(@TempDir Path home) throws IOException {
    try (var server =
        ApiTestServer.openService(
            home,
            "--agentledger.session.expire-after=2s",
            "--agentledger.session.archive-after=6s",
            "--agentledger.session.idle-check-interval=1s")) {
      var session = "/api/v1/sessions/" + server.openSession();
      awaitLifecycle(server, session, "expired");
      var refused = server.post(session + "/query", "{\"prompt\": \"hello\"}");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(410);
      assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("session_expired");
      assertThat(ApiTestServer.json(refused).at("/details/since").isString())
          .as(refused.body())
          .isTrue();
      var resumed = server.post(session + "/resume", "{\"prompt\": \"hello\"}");
      assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(202);
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(
                          ApiTestServer.json(server.get(session + "/runs"))
                              .at("/items/0/status")
                              .asString())
                      .isEqualTo("completed"));
      awaitLifecycle(server, session, "archived");
    }
  }

  private static void awaitLifecycle(ApiTestServer server, String session, String lifecycle) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(ApiTestServer.json(server.get(session)).path("lifecycle").asString())
                    .isEqualTo(lifecycle));
  }
}
