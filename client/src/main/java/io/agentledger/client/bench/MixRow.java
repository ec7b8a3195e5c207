package io.agentledger.client.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Requests at a fixed rate, whether or not the service keeps up: seven of ten read a session, two
 * list twenty sessions, one renames a session. The floor is as many requests for liveness.
 */
final class MixRow {
  private static final int REQUESTS_PER_SECOND = 200;
  private static final int SESSIONS = 100;

  private final BenchContext context;
  private final BenchService service;

  MixRow(BenchContext context) {
    this.context = context;
    this.service = context.service();
  }

  /**
   * Result of one round.
   *
   * @param millis of the answered requests, from the moment at which they were due
   * @param cpuMillis of service and PostgreSQL for a request
   */
  private record Round(double answeredPercent, double[] millis, double cpuMillis) {}

  List<Measurement> measure() throws Exception {
    List<BenchSession> sessions = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) sessions.add(BenchSession.open(service));
    IntFunction<BenchRequest> mix =
        count -> {
          BenchSession session = sessions.get(count % SESSIONS);
          return switch (count % 10) {
            case 0 -> session.rename("Title " + count);
            case 1, 2 -> service.request("/api/v1/sessions?limit=20");
            default -> service.request(session.path());
          };
        };
    IntFunction<BenchRequest> liveness = count -> service.request("/actuator/health/liveness");
    send(liveness, context.choose(2, 10));
    send(mix, Math.toIntExact(Math.max(2, context.warmUp().toSeconds())));
    int seconds = context.choose(2, 10);
    List<Round> floor = new ArrayList<>();
    List<Round> ours = new ArrayList<>();
    for (int round = 0; round < context.rounds(); round++) {
      floor.add(send(liveness, seconds));
      ours.add(send(mix, seconds));
    }
    return measurements(floor, ours);
  }

  private static List<Measurement> measurements(List<Round> floor, List<Round> ours) {
    return List.of(
        Measurement.of(BenchRow.MIX, "answered", "%", ours, Round::answeredPercent)
            .withBars(Bar.atLeast(99.9)),
        Measurement.of(BenchRow.MIX, "p50", "ms", ours, MixRow::p50)
            .withFloor(floor, MixRow::p50)
            .withBars(Bar.ratioAtMost(3)),
        Measurement.of(BenchRow.MIX, "CPU per request", "ms", ours, Round::cpuMillis)
            .withFloor(floor, Round::cpuMillis)
            .withBars(Bar.ratioAtMost(2)));
  }

  private static double p50(Round round) {
    return Measurement.quantile(round.millis, 0.5);
  }

  private Round send(IntFunction<BenchRequest> requests, int seconds) throws Exception {
    double cpu = service.cpuSeconds() + service.postgresCpuSeconds();
    int count = seconds * REQUESTS_PER_SECOND;
    double[] all = FixedRate.send(REQUESTS_PER_SECOND, count, requests);
    double[] millis = Arrays.stream(all).filter(answered -> !Double.isNaN(answered)).toArray();
    double used = service.cpuSeconds() + service.postgresCpuSeconds() - cpu;
    return new Round(millis.length * 100.0 / count, millis, used * 1000 / count);
  }
}
