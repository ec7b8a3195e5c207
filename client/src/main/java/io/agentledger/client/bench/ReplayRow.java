package io.agentledger.client.bench;

import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.ServiceUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Rebuilds of read models from all events, beside the live ones: those of sessions alone, and all
 * of them at once. The floor reads the payloads of the same events in binary form and parses them.
 */
final class ReplayRow {
  private static final String PROJECTIONS = "/api/v1/admin/projections";
  private static final int PAGE = 1_000;
  private static final Duration POLL = Duration.ofMillis(100);

  /** The JIT compilers need about as many. */
  private static final int FLOOR_WARM_UPS = 10;

  private final BenchContext context;
  private final BenchService service;

  ReplayRow(BenchContext context) {
    this.context = context;
    this.service = context.service();
  }

  /** Events in a second. */
  private record Round(double floor, double session, double all) {}

  List<Measurement> measure() throws Exception {
    long events = BenchEvents.ensure(context);
    List<String> names = new ArrayList<>();
    for (JsonNode projection : service.send(service.request(PROJECTIONS)).path("items"))
      names.add(projection.path("name").asString());
    for (int i = context.choose(1, FLOOR_WARM_UPS); i > 0; i--) readAndParse();
    double firstTime = events / rebuild(names);
    context.warmUp(() -> rebuild(names));
    List<Round> rounds = new ArrayList<>();
    for (int i = context.choose(1, 5); i > 0; i--)
      rounds.add(
          new Round(readAndParse(), events / rebuild(List.of("session")), events / rebuild(names)));
    String number = ", %,d events".formatted(events);
    String all = "all %d at once".formatted(names.size());
    return List.of(
        Measurement.of(BenchRow.REPLAY, "sessions" + number, "1/s", rounds, Round::session)
            .withFloor(rounds, Round::floor)
            .withBars(Bar.ratioAtLeast(0.2)),
        Measurement.of(BenchRow.REPLAY, all, "1/s", rounds, Round::all)
            .withFloor(rounds, Round::floor)
            .withBars(Bar.ratioAtLeast(0.1)),
        Measurement.of(BenchRow.REPLAY, "the first time", "1/s", List.of(firstTime), r -> r));
  }

  private double readAndParse() throws Exception {
    long start = System.nanoTime();
    long events = 0;
    try (Connection connection = service.connect();
        PreparedStatement select =
            connection.prepareStatement("select payload from event order by globalindex")) {
      connection.setAutoCommit(false); // Else all rows are read before the first one is parsed.
      select.setFetchSize(PAGE);
      try (ResultSet rows = select.executeQuery()) {
        for (; rows.next(); events++) ClientJson.MAPPER.readTree(rows.getBytes(1));
      }
    }
    return events * 1e9 / (System.nanoTime() - start);
  }

  /** Returns the seconds until all of the read models were replaced. */
  private double rebuild(List<String> names) throws Exception {
    long start = System.nanoTime();
    for (String name : names) service.send(service.request(path(name)).post(""));
    for (String name : names) {
      JsonNode rebuild =
          Polling.await(
              POLL,
              () -> service.send(service.request(path(name))),
              progress -> !progress.path("status").asString().equals("running"));
      if (!rebuild.path("status").asString().equals("completed"))
        throw new ServiceUnavailableException("A rebuild of the benchmark failed: " + rebuild);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static String path(String projection) {
    return PROJECTIONS + "/" + projection + "/rebuild";
  }
}
