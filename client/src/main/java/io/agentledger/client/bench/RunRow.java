package io.agentledger.client.bench;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Costs of a short run in a session whose CLI is alive: CPU beside that of the CLI, transactions of
 * the database and syncs of its log. What the idle service does in the same time is subtracted from
 * the latter two.
 */
final class RunRow {
  private final BenchContext context;
  private final BenchService service;

  RunRow(BenchContext context) {
    this.context = context;
    this.service = context.service();
  }

  /** Costs of one run: CPU in milliseconds. */
  private record Round(double serviceCpu, double cliCpu, DatabaseCounters counters) {}

  List<Measurement> measure() throws Exception {
    context.warmUpQueries();
    BenchSession session = BenchSession.open(service);
    for (int i = context.choose(5, 20); i > 0; i--) session.firstTextMillis();
    List<Round> rounds = new ArrayList<>();
    try (Connection connection = service.connectBeside()) {
      Thread.sleep(DatabaseCounters.SETTLE);
      DatabaseCounters before = DatabaseCounters.read(connection);
      Thread.sleep(DatabaseCounters.SETTLE);
      DatabaseCounters idle = DatabaseCounters.read(connection).minus(before);
      DatabaseCounters idleRate = idle.times(1 / idle.seconds());
      for (int i = context.choose(1, 3); i > 0; i--)
        rounds.add(round(connection, session, idleRate));
    }
    session.archive();
    return measurements(rounds);
  }

  private Round round(Connection connection, BenchSession session, DatabaseCounters idleRate)
      throws Exception {
    int count = context.choose(5, 20);
    DatabaseCounters before = DatabaseCounters.read(connection);
    Map<Long, Double> clis = DirectCli.cpuSecondsOf(service.pid());
    double cpu = service.cpuSeconds() + service.postgresCpuSeconds();
    for (int i = 0; i < count; i++) session.firstTextMillis();
    cpu = service.cpuSeconds() + service.postgresCpuSeconds() - cpu;
    double cliCpu = DirectCli.cpuSecondsOf(service.pid(), clis);
    Thread.sleep(DatabaseCounters.SETTLE);
    DatabaseCounters all = DatabaseCounters.read(connection).minus(before);
    DatabaseCounters counters = all.minus(idleRate.times(all.seconds())).times(1.0 / count);
    return new Round(cpu * 1000 / count, cliCpu * 1000 / count, counters);
  }

  private static List<Measurement> measurements(List<Round> rounds) {
    return List.of(
        Measurement.of(BenchRow.RUN, "CPU", "ms", rounds, Round::serviceCpu)
            .withFloor(rounds, Round::cliCpu)
            .withBars(Bar.ratioAtMost(1.5)),
        Measurement.of(BenchRow.RUN, "transactions", "", rounds, r -> r.counters.transactions())
            .withBars(Bar.atMost(20)),
        Measurement.of(BenchRow.RUN, "that write", "", rounds, r -> r.counters.writes()),
        Measurement.of(BenchRow.RUN, "syncs of the log", "", rounds, r -> r.counters.syncs())
            .withBars(Bar.atMost(8)));
  }
}
