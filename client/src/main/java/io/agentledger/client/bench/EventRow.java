package io.agentledger.client.bench;

import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
    try (InputStream stream = service.open(service.request(session.path() + "/events?after=1"))) {
      var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      Runnable rename = () -> rename(session, stream);
      follow(lines, rename, context.choose(10, 200));
      for (int i = context.rounds(); i > 0; i--)
        rounds.add(follow(lines, rename, context.choose(20, 200)));
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
  private static double[] follow(BufferedReader lines, Runnable rename, int count)
      throws IOException, InterruptedException {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      Thread.sleep(PAUSE);
      Thread thread = Thread.startVirtualThread(rename);
      millis[i] = millisOfNext(lines);
      thread.join();
    }
    return millis;
  }

  /** A rename that fails ends the stream, because its event would be awaited for ever. */
  private static void rename(BenchSession session, InputStream stream) {
    try {
      if (!session.service().isAnswered(session.rename("Title " + System.nanoTime())))
        stream.close();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static double millisOfNext(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.startsWith("data:") || !line.contains("\"event\":\"SessionRenamed\"")) continue;
      Instant now = Instant.now();
      String at = ClientJson.MAPPER.readTree(line.substring(5)).path("at").asString();
      return Duration.between(Instant.parse(at), now).toNanos() / 1e6;
    }
    throw new ServiceUnavailableException("The stream of a session has ended.");
  }
}
