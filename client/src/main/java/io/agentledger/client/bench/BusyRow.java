package io.agentledger.client.bench;

import io.agentledger.client.support.ServiceUnavailableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads of sessions while agents work: of a hundred open sessions eight run one query after the
 * other. The floor is the requests for liveness that are sent between them.
 */
final class BusyRow {
  private static final int REQUESTS_PER_SECOND = 60;

  private final BenchContext context;
  private final BenchService service;
  private final List<BenchSession> sessions = new ArrayList<>();

  BusyRow(BenchContext context) {
    this.context = context;
    this.service = context.service();
  }

  /** Milliseconds until 95 % were answered. */
  private record Round(double liveness, double get) {}

  List<Measurement> measure() throws Exception {
    int working = context.choose(2, 8);
    while (sessions.size() < context.choose(4, 100)) sessions.add(BenchSession.open(service));
    for (BenchSession session : sessions.subList(0, working)) session.firstTextMillis();
    List<Round> rounds = new ArrayList<>();
    AtomicBoolean ended = new AtomicBoolean();
    List<Future<@Nullable Void>> workers = new ArrayList<>();
    try (var threads = Executors.newCachedThreadPool()) {
      try {
        for (BenchSession session : sessions.subList(0, working))
          workers.add(threads.submit(() -> work(session, ended)));
        for (int i = context.rounds(); i > 0; i--) rounds.add(round());
      } finally {
        ended.set(true);
      }
      for (Future<@Nullable Void> worker : workers) worker.get();
    }
    for (BenchSession session : sessions) session.archive();
    String load = "GET p95, %d of %d work".formatted(working, sessions.size());
    return List.of(
        Measurement.of(BenchRow.BUSY, load, "ms", rounds, Round::get)
            .withFloor(rounds, Round::liveness)
            .withBars(Bar.ratioAtMost(3)));
  }

  private static @Nullable Void work(BenchSession session, AtomicBoolean ended) throws Exception {
    while (!ended.get()) session.firstTextMillis();
    return null;
  }

  private Round round() throws Exception {
    IntFunction<BenchRequest> requests =
        count ->
            count % 2 == 0
                ? service.request("/actuator/health/liveness")
                : service.request(sessions.get(count / 2 % sessions.size()).path());
    int count = context.choose(2, 10) * REQUESTS_PER_SECOND * 2;
    double[] millis = FixedRate.send(REQUESTS_PER_SECOND * 2, count, requests);
    double liveness = p95(millis, 0);
    if (Double.isInfinite(liveness))
      throw new ServiceUnavailableException("The service does not answer requests for liveness.");
    return new Round(liveness, p95(millis, 1));
  }

  /** A request without an answer counts as an infinite time. */
  private static double p95(double[] millis, int remainder) {
    double[] times = new double[millis.length / 2];
    Arrays.setAll(times, i -> millis[2 * i + remainder]);
    Arrays.setAll(times, i -> Double.isNaN(times[i]) ? Double.POSITIVE_INFINITY : times[i]);
    return Measurement.quantile(times, 0.95);
  }
}
