package io.agentledger.client.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/** Rows about first texts of other sessions than one that is alive, and about many sessions. */
final class SessionRows {
  private SessionRows() {}

  /** Values of one round. */
  private record Round(double floor, double ours) {}

  private static final Duration POLL = Duration.ofMillis(100);

  /** The metric of the processes that wait for a session, unless there is none. */
  private static final Pattern PREWARMED =
      Pattern.compile("(?m)^agentledger_cli_prewarmed_processes(\\{.*})? [1-9]");

  /** Milliseconds until the first text of a new session. */
  private record NewSession(double spawned, double openedWithQuery, double openedBefore) {}

  /**
   * First text of a new session: opened by its query in one request, or by a request before it,
   * beside a CLI that is spawned. A process of the service waits for each session.
   */
  static List<Measurement> newSession(BenchContext context) throws Exception {
    BenchSession example = BenchSession.open(context.service());
    example.firstTextMillis();
    List<NewSession> rounds = new ArrayList<>();
    for (int i = context.choose(2, 10); i > 0; i--) {
      double spawned;
      try (DirectCli direct = context.startDirectCli()) {
        spawned = direct.firstTextSinceSpawnMillis();
      }
      awaitPrewarmedProcess(context.service());
      BenchSession.Opened opened = BenchSession.openWithQuery(context.service());
      opened.session().archive();
      awaitPrewarmedProcess(context.service());
      rounds.add(
          new NewSession(spawned, opened.firstTextMillis(), openAndQueryMillis(context.service())));
    }
    example.archive();
    return List.of(
        Measurement.of(
                BenchRow.NEW_SESSION, "one request", "ms", rounds, NewSession::openedWithQuery)
            .withFloor(rounds, NewSession::spawned)
            .withBars(Bar.ratioAtMost(0.15)),
        Measurement.of(BenchRow.NEW_SESSION, "two requests", "ms", rounds, NewSession::openedBefore)
            .withFloor(rounds, NewSession::spawned));
  }

  private static void awaitPrewarmedProcess(BenchService service) throws Exception {
    Polling.await(
        POLL,
        () -> service.request("/actuator/prometheus").send(),
        metrics -> PREWARMED.matcher(metrics).find());
  }

  private static double openAndQueryMillis(BenchService service)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    BenchSession session = BenchSession.open(service);
    double opened = (System.nanoTime() - start) / 1e6;
    double firstText = session.firstTextMillis();
    session.archive();
    return opened + firstText;
  }

  /** A session with many events, beside a new one; both have a CLI that is alive. */
  static List<Measurement> longSession(BenchContext context) throws Exception {
    int events = context.choose(200, 5_000);
    BenchSession old = BenchSession.open(context.service());
    for (int i = 0; i < events; i++) context.service().send(old.rename("Title " + i));
    BenchSession young = BenchSession.open(context.service());
    for (int i = context.choose(2, 10); i > 0; i--) {
      young.firstTextMillis();
      old.firstTextMillis();
    }
    List<Round> rounds = new ArrayList<>();
    for (int i = context.rounds(); i > 0; i--) {
      int count = context.choose(3, 10);
      double[] floor = new double[count];
      double[] ours = new double[count];
      for (int k = 0; k < count; k++) {
        floor[k] = young.firstTextMillis();
        ours[k] = old.firstTextMillis();
      }
      rounds.add(new Round(Measurement.quantile(floor, 0.5), Measurement.quantile(ours, 0.5)));
    }
    young.archive();
    old.archive();
    return List.of(
        Measurement.of(
                BenchRow.LONG_SESSION,
                "p50, %,d events".formatted(events),
                "ms",
                rounds,
                Round::ours)
            .withFloor(rounds, Round::floor)
            .withBars(Bar.ratioAtMost(1.1)));
  }

  /** New sessions that send a query each at the same time: CPU of everything beside the CLIs'. */
  static List<Measurement> manySessions(BenchContext context) throws Exception {
    int count = context.choose(3, 12);
    List<Round> rounds = new ArrayList<>();
    for (int i = context.choose(1, 3); i > 0; i--) rounds.add(runAtOnce(context.service(), count));
    return List.of(
        Measurement.of(
                BenchRow.MANY_SESSIONS,
                "all CPU, %d sessions".formatted(count),
                "ms",
                rounds,
                Round::ours)
            .withFloor(rounds, Round::floor)
            .withBars(Bar.ratioAtMost(2)));
  }

  private static Round runAtOnce(BenchService service, int count) throws Exception {
    double all = allCpuSeconds(service);
    Map<Long, Double> before = DirectCli.cpuSecondsOf(service.pid());
    List<BenchSession> sessions = new ArrayList<>();
    for (int i = 0; i < count; i++) sessions.add(BenchSession.open(service));
    try (var threads = Executors.newCachedThreadPool()) {
      List<Future<Double>> answers = new ArrayList<>();
      for (BenchSession session : sessions) answers.add(threads.submit(session::firstTextMillis));
      for (Future<Double> answer : answers) answer.get();
    }
    double clis = DirectCli.cpuSecondsOf(service.pid(), before);
    all = allCpuSeconds(service) - all;
    for (BenchSession session : sessions) session.archive();
    return new Round(clis * 1000 / count, all * 1000 / count);
  }

  private static double allCpuSeconds(BenchService service) throws IOException {
    return ProcessUsage.treeCpuSeconds(service.pid()) + service.postgresCpuSeconds();
  }
}
