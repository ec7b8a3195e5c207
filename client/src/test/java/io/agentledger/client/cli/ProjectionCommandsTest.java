package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService.CannedResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the commands about projections. */
@Timeout(120)
class ProjectionCommandsTest extends CliFixture {
  private static final String REBUILD = "/api/v1/admin/projections/session/rebuild";
  private static final String FAILURE = "1 sequences of events failed";

  private final ArrayDeque<String> states = new ArrayDeque<>();

  @BeforeEach
  void answerRebuild() {
    environment.put("NO_COLOR", "1");
    service.answer(
        "GET /api/v1/admin/projections",
        request ->
            new CannedResponse(
                200,
                """
                {"items":[{"name":"audit","position":9,"head":9,"running":true,"replaying":false,
                  "dead_letters":2},{"name":"session","position":5,"head":9,"running":true,
                  "replaying":true,"dead_letters":0}],"next_cursor":null}
                """));
    states.addAll(List.of(state("running", 51, ""), state("completed", 103, "")));
    service.answer("POST " + REBUILD, request -> new CannedResponse(202, state("running", -1, "")));
    service.answer("GET " + REBUILD, request -> new CannedResponse(200, states.removeFirst()));
  }

  private static String state(String status, long position, String failure) {
    return """
        {"projection":"session","status":"%s","position":%d,"head":103,"events":%d,
         "events_per_second":%s,"seconds_left":%s,"started_at":"2026-11-24T09:00:00Z",
         "ended_at":null,"failure":%s}
        """
        .formatted(
            status,
            position,
            position + 1,
            position < 0 ? null : 26,
            position < 0 ? null : 2,
            failure.isEmpty() ? null : '"' + failure + '"');
  }

  @Test
  void progressIsShownUntilTheRebuildIsCompleted() {
    assertThat(runCli("e", "projections", "rebuild", "session")).isEqualTo(ExitCode.OK);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(
            "█".repeat(12) + "░".repeat(12) + "  50 %  running  52 of 104 events, 26/s, 2 s left");
    assertThat(shown()).isEqualTo("session: completed, 104 events\n");
  }

  @Test
  void failureIsTheExitStatus() {
    states.clear();
    states.add(state("failed", 51, FAILURE));
    assertThat(runCli("", "projections", "rebuild", "session")).isEqualTo(ExitCode.FAILED);
    assertThat(shown()).isEqualTo("session: failed, 52 events: " + FAILURE + "\n");
  }

  @Test
  void detachedRebuildIsNotFollowed() {
    assertThat(runCli("", "projections", "rebuild", "session", "--detach")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("GET " + REBUILD)).isEmpty();
  }

  @Test
  void projectionsAreListed() {
    assertThat(runCli("", "projections")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo(
            """
            audit         10 of 10, 2 dead letters
            session       6 of 10, replaying
            """);
  }

  @Test
  void wrongNameIsAnsweredByTheNames() {
    assertThat(runCli("", "projections", "rebuild", "../sesion")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("There is no read model '../sesion'. There are: audit, session");
  }
}
