package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.hasEventName;
import static io.agentledger.gateway.service.RawApiClient.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A service that is killed repeatedly, seconds after each start, for {@code
 * -Dtest.restart-loop=PT1H}, by default some seconds. No accepted query is lost or executed twice;
 * the output of the commands is the oracle.
 */
@Tag("exhaustive")
class RestartLoopCrashIT {
  private static final Duration LASTING =
      Duration.parse(System.getProperty("test.restart-loop", "PT10S"));

  private static final int SESSIONS = 3;
  private static final int CALLS = 15;
  private static final int UP_MILLIS = 4000;
  private static final int AWAY_MILLIS_MAX = 19_000;

  /** Long orphan timeout, because processes would otherwise end before the next start. */
  private static final String ORPHAN_TIMEOUT = "--agentledger.claude.orphan-timeout=5m";

  @TempDir static Path directory;

  private final List<Query> queries = new ArrayList<>();
  private int restarts;

  /** An accepted query. */
  private record Query(String session, String id, String run) {}

  @Test
  @Timeout(value = 25, unit = TimeUnit.HOURS) // The duration is configurable.
  void serviceThatIsKilledAgainAndAgainLosesNothingAndDoesNothingTwice() throws Exception {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("restart loop: " + LASTING + ", -Dtest.seed=" + seed);
    Random random = new Random(seed);
    Path home = directory.resolve("home");
    try (ServiceProcess service = ServiceProcess.start(home, ORPHAN_TIMEOUT)) {
      List<String> sessions = new ArrayList<>();
      for (int number = 0; number < SESSIONS; number++) {
        sessions.add(
            service.client().open(Map.of("options", Map.of("allowed_tools", List.of("Bash")))));
      }
      for (Instant end = Instant.now().plus(LASTING); Instant.now().isBefore(end); ) {
        Instant killedAt = Instant.now().plusMillis(UP_MILLIS);
        for (String session : sessions) submitIfIdle(service.client(), session);
        await().pollDelay(Duration.ZERO).until(() -> Instant.now().isAfter(killedAt));
        service.killForcibly();
        Instant backAt = Instant.now().plusMillis(random.nextInt(AWAY_MILLIS_MAX));
        await()
            .atMost(Duration.ofMinutes(1))
            .pollDelay(Duration.ZERO)
            .until(() -> Instant.now().isAfter(backAt));
        service.start();
        restarts++;
      }
      for (Query query : queries) assertCarriedOutOnce(service, query);
    }
    System.out.println(
        "restart loop: %d restarts, %d queries, none lost".formatted(restarts, queries.size()));
  }

  private void submitIfIdle(RawApiClient client, String session) throws Exception {
    if (!client.get("/api/v1/sessions/" + session).path("activity").asString().equals("idle"))
      return;
    String id = "q" + queries.size();
    JsonNode answer = client.submitQuery(session, prompt(id));
    queries.add(new Query(session, id, answer.path("run_id").asString()));
  }

  private static String prompt(String id) {
    var script = new StringBuilder("```rehearsal\n");
    for (int call = 0; call < CALLS; call++)
      script.append(
          """
          - calls:
              - tool: Bash
                input: {command: "sleep 1; echo %s-%d >>/workspace/done"}
          """
              .formatted(id, call));
    return script + "- say: \"All done.\"\n```\n";
  }

  private static void assertCarriedOutOnce(ServiceProcess service, Query query) throws Exception {
    service
        .client()
        .follow(query.session(), 0, type("result").and(item -> query.run().equals(run(item))));
    List<JsonNode> record =
        service.client().record(query.session()).stream()
            .filter(item -> query.run().equals(run(item)))
            .toList();
    assertThat(record.stream().filter(type("result"))).hasSize(1);
    assertThat(record.stream().filter(hasEventName("RunFailed"))).isEmpty();
    assertThat(record.stream().filter(hasEventName("RunStarted"))).hasSize(1);
    Path done = service.runDirectory().resolve("s").resolve(query.session()).resolve("work/done");
    assertThat(Files.readAllLines(done).stream().filter(line -> line.startsWith(query.id() + "-")))
        .containsExactlyElementsOf(
            IntStream.range(0, CALLS).mapToObj(call -> query.id() + "-" + call).toList());
  }

  private static String run(JsonNode item) {
    return item.path("run_id").asString("");
  }
}
