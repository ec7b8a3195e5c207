package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.hasEventName;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code kill -9} of the service during an outage of the model API. */
class OutageCrashIT {
  private static final Duration OUTAGE_TIMEOUT = Duration.ofSeconds(25);

  /** Time from a request to its failure, after the last delay of the CLI. */
  private static final Duration LAST_REQUEST = Duration.ofSeconds(12);

  private static final String OUTAGE =
      """
      ```rehearsal
      - fail: {status: 502, message: Bad gateway}
      ```
      """;

  @TempDir private Path directory;

  @Test
  void outageOfARunIsAsLongWhicheverLifeOfTheServiceItMeets() throws Exception {
    try (var service =
        ServiceProcess.start(
            directory.resolve("home"), "--agentledger.model.outage-timeout=" + OUTAGE_TIMEOUT)) {
      var client = service.client();
      String session = client.open(Map.of());
      client.submitQuery(session, OUTAGE);
      JsonNode first = client.follow(session, 0, hasEventName("TurnRetried")).getLast();
      client.follow(
          session, 0, item -> item.toString().contains("attempt 4 of ")); // Seconds later.

      service.killForcibly();
      service.start();

      Instant readyAt = Instant.now();
      JsonNode failed = client.follow(session, 0, hasEventName("RunFailed")).getLast();
      Instant bound = at(first).plus(OUTAGE_TIMEOUT);
      assertThat(at(failed))
          .isBefore((bound.isAfter(readyAt) ? bound : readyAt).plus(LAST_REQUEST));
      assertThat(failed.toString()).contains("The model API answered 502.");
    }
  }

  private static Instant at(JsonNode item) {
    return Instant.parse(item.path("at").asString());
  }
}
