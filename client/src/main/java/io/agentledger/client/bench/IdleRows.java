package io.agentledger.client.bench;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Rows about a service that does nothing, and about its start. */
final class IdleRows {
  /** Time after which idle connections are closed and the positions of processors are stored. */
  private static final int SECONDS_UNTIL_IDLE = 100;

  private IdleRows() {}

  /** The JVM as it was started; the first row, so that nothing else has used memory. */
  static List<Measurement> memory(BenchContext context) throws Exception {
    Thread.sleep(Duration.ofSeconds(context.choose(2, 30)));
    List<Double> rounds = List.of(ProcessUsage.anonymousMib(context.service().pid()));
    return List.of(
        Measurement.of(BenchRow.MEMORY, "anonymous RSS", "MiB", rounds, mib -> mib)
            .withBars(Bar.atMost(400)));
  }

  private record Window(double cpuPercent, double transactionsPerSecond) {}

  /** CPU and transactions while nothing happens and CLIs wait for queries. */
  static List<Measurement> idle(BenchContext context) throws Exception {
    BenchService service = context.service();
    int count = context.choose(2, 20);
    List<BenchSession> sessions = new ArrayList<>();
    while (sessions.size() < count) {
      sessions.add(BenchSession.open(service));
      sessions.getLast().firstTextMillis();
    }
    Thread.sleep(Duration.ofSeconds(context.choose(0, SECONDS_UNTIL_IDLE)));
    List<Window> windows = new ArrayList<>();
    try (Connection connection = service.connectBeside()) {
      for (int i = context.choose(1, 3); i > 0; i--) windows.add(window(context, connection));
    }
    int alive = DirectCli.processesOf(service.pid()).size();
    for (BenchSession session : sessions) session.archive();
    String clis = "with %d CLIs".formatted(alive);
    return List.of(
        Measurement.of(BenchRow.IDLE, "CPU " + clis, "%", windows, Window::cpuPercent)
            .withBars(Bar.atMost(1)),
        Measurement.of(BenchRow.IDLE, "transactions", "1/s", windows, Window::transactionsPerSecond)
            .withBars(Bar.atMost(2)));
  }

  private static Window window(BenchContext context, Connection connection) throws Exception {
    BenchService service = context.service();
    Thread.sleep(DatabaseCounters.SETTLE);
    DatabaseCounters before = DatabaseCounters.read(connection);
    double cpu = service.cpuSeconds() + service.postgresCpuSeconds();
    Thread.sleep(Duration.ofSeconds(context.choose(11, 20)));
    double used = service.cpuSeconds() + service.postgresCpuSeconds() - cpu;
    DatabaseCounters all = DatabaseCounters.read(connection).minus(before);
    return new Window(used * 100 / all.seconds(), all.transactions() / all.seconds());
  }

  private record Start(double wallSeconds, double cpuSeconds) {
    static Start of(BenchService service, long start) {
      return new Start((System.nanoTime() - start) / 1e9, service.cpuSeconds());
    }
  }

  /** Restarts of the service on its home; the last row, because the JVM is cold afterwards. */
  static List<Measurement> start(BenchContext context) throws Exception {
    BenchService service = context.service();
    long events = BenchEvents.ensure(context);
    List<Start> floor = new ArrayList<>();
    List<Start> ours = new ArrayList<>();
    for (int i = context.choose(1, 3); i > 0; i--) {
      floor.add(Start.of(service, service.restartPlainly()));
      service.stop();
      long start = System.nanoTime();
      service.start();
      ours.add(Start.of(service, start));
    }
    return List.of(
        Measurement.of(
                BenchRow.START,
                "ready, %,d events".formatted(events),
                "s",
                ours,
                Start::wallSeconds)
            .withFloor(floor, Start::wallSeconds)
            .withBars(Bar.ratioAtMost(0.5)),
        Measurement.of(BenchRow.START, "CPU until ready", "s", ours, Start::cpuSeconds)
            .withFloor(floor, Start::cpuSeconds)
            .withBars(Bar.ratioAtMost(0.4)));
  }
}
