package io.agentledger.client.bench;

import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Time from a stored event to a client that follows the session over server-sent events. It begins
 * when the event is created, which is before its transaction commits.
 */
final class EventRow {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private EventRow() {}

  static List<Measurement> measure(BenchContext context) throws Exception {
    BenchService service = context.service();
    BenchSession session = BenchSession.open(service);
    List<double[]> rounds = new ArrayList<>();
    try (InputStream stream = service.request(session.path() + "/events?after=1").open()) {
      var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      follow(lines, session, context.choose(10, 200));
      for (int i = context.rounds(); i > 0; i--)
        rounds.add(follow(lines, session, context.choose(20, 200)));
    }
    return List.of(
        Measurement.of(
                BenchRow.EVENT, "p50", "ms", rounds, round -> Measurement.quantile(round, 0.5))
            .withBars(Bar.atMost(4)),
        Measurement.of(
                BenchRow.EVENT, "p99", "ms", rounds, round -> Measurement.quantile(round, 0.99))
            .withBars(Bar.atMost(15)));
  }

  /** Returns the milliseconds of each event until it was read. */
  private static double[] follow(BufferedReader lines, BenchSession session, int count)
      throws IOException, InterruptedException, ExecutionException {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      Thread.sleep(PAUSE);
      var renamed = new FutureTask<>(session.rename("Title " + System.nanoTime())::isAnswered);
      Thread.ofPlatform().start(renamed);
      millis[i] = millisOfNext(lines, renamed);
      renamed.get();
    }
    return millis;
  }

  /** The stream has a line every few seconds, which ends the wait for an event that is none. */
  private static double millisOfNext(BufferedReader lines, FutureTask<Boolean> renamed)
      throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data:") && line.contains("\"event\":\"SessionRenamed\"")) {
        Instant now = Instant.now();
        String at = ClientJson.MAPPER.readTree(line.substring(5)).path("at").asString();
        return Duration.between(Instant.parse(at), now).toNanos() / 1e6;
      }
      if (renamed.isDone() && !renamed.resultNow())
        throw new ServiceUnavailableException("A rename was refused.");
    }
    throw new ServiceUnavailableException("The stream of a session has ended.");
  }
}
