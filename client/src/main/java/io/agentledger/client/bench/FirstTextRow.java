package io.agentledger.client.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Time from a query to the first text of its answer, in a session whose CLI is alive; alternately
 * with the same CLI on pipes. In the same runs: CPU of the service and of PostgreSQL beside that of
 * the CLI.
 */
final class FirstTextRow {
  private static final double[] NONE = {};

  private FirstTextRow() {}

  /** Numbers of one round: milliseconds until each first text. */
  private record Round(double[] direct, double[] ours) {}

  static List<Measurement> measure(BenchContext context) throws Exception {
    BenchSession session = BenchSession.open(context.service());
    for (int i = context.choose(5, 100); i > 0; i--) session.firstTextMillis();
    Round[] rounds = new Round[context.rounds()];
    try (DirectCli direct = context.startDirectCli()) {
      for (int i = context.choose(5, 20); i > 0; i--) direct.firstTextMillis("Say hello.");
      for (int i = 0; i < rounds.length; i++)
        rounds[i] = alternate(direct, session, context.choose(5, 20));
    }
    return List.of(
        measurement("p50", rounds, 0.5, List.of(Bar.ratioAtMost(1.8), Bar.aboveFloor(15))),
        measurement("p95", rounds, 0.95, List.of(Bar.ratioAtMost(1.8), Bar.aboveFloor(15))));
  }

  private static Round alternate(DirectCli direct, BenchSession session, int count)
      throws Exception {
    Round round = new Round(new double[count], new double[count]);
    for (int i = 0; i < count; i++) {
      round.direct[i] = direct.firstTextMillis("Say hello.");
      round.ours[i] = session.firstTextMillis();
    }
    return round;
  }

  private static Measurement measurement(
      String name, Round[] rounds, double share, List<Bar> bars) {
    return new Measurement(
        BenchRow.FIRST_TEXT,
        name,
        "ms",
        values(rounds, round -> Measurement.quantile(round.direct, share)),
        values(rounds, round -> Measurement.quantile(round.ours, share)),
        bars);
  }

  private static double[] values(Round[] rounds, ToDoubleFunction<Round> value) {
    return List.of(rounds).stream().mapToDouble(value).toArray();
  }
}
