package io.agentledger.client.bench;

import static io.agentledger.client.bench.Measurement.quantile;

import java.util.ArrayList;
import java.util.List;

/**
 * Time from a query to the first text of its answer, in a session whose CLI is alive; alternately
 * with the same CLI on pipes.
 */
final class FirstTextRow {
  private FirstTextRow() {}

  /** Milliseconds until each first text of one round. */
  private record Round(double[] direct, double[] ours) {}

  static List<Measurement> measure(BenchContext context) throws Exception {
    context.warmUpQueries();
    BenchSession session = BenchSession.open(context.service());
    for (int i = context.choose(5, 20); i > 0; i--) session.firstTextMillis();
    List<Round> rounds = new ArrayList<>();
    try (DirectCli direct = context.startDirectCli()) {
      for (int i = context.choose(5, 20); i > 0; i--) direct.firstTextMillis();
      for (int i = context.rounds(); i > 0; i--)
        rounds.add(alternate(direct, session, context.choose(5, 20)));
    }
    session.archive();
    return List.of(measurement("p50", rounds, 0.5), measurement("p95", rounds, 0.95));
  }

  private static Round alternate(DirectCli direct, BenchSession session, int count)
      throws Exception {
    Round round = new Round(new double[count], new double[count]);
    for (int i = 0; i < count; i++) {
      round.direct[i] = direct.firstTextMillis();
      round.ours[i] = session.firstTextMillis();
    }
    return round;
  }

  private static Measurement measurement(String name, List<Round> rounds, double share) {
    return Measurement.of(
            BenchRow.FIRST_TEXT, name, "ms", rounds, round -> quantile(round.ours, share))
        .withFloor(rounds, round -> quantile(round.direct, share))
        .withBars(Bar.ratioAtMost(1.8), Bar.aboveFloor(15));
  }
}
