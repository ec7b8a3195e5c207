package io.agentledger.client.bench;

import static java.util.stream.Collectors.joining;

import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * One command with one event over HTTP: eight clients rename a session each, as fast as they can.
 * The floor inserts the event of a rename into a copy of the event table, with its indexes and with
 * the trigger that takes the lock of the order, and commits, over as many connections.
 */
final class RenameRow {
  private static final int CLIENTS = 8;
  private static final List<String> COLUMNS =
      List.of("type", "metadata", "payload", "payloadrevision", "payloadtype", "timestamp");

  private final BenchContext context;
  private final BenchService service;

  RenameRow(BenchContext context) {
    this.context = context;
    this.service = context.service();
  }

  private record Round(Repetitions inserts, Repetitions renames) {}

  /** An operation that a client repeats; returns false if it failed. */
  private interface Operation {
    boolean execute(int count) throws Exception;
  }

  List<Measurement> measure() throws Exception {
    List<Operation> renames = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      BenchSession session = BenchSession.open(service);
      renames.add(count -> session.rename("Title " + count).isAnswered());
    }
    double seconds = context.quick() ? 0.3 : 5; // A quick run must not slow down tests beside it.
    double part = context.warmUpPart().toMillis() / 1e3;
    context.warmUp(() -> repeat(renames, part));
    List<Connection> connections = new ArrayList<>();
    try {
      List<Operation> inserts = new ArrayList<>();
      createTable();
      for (int i = 0; i < CLIENTS; i++) {
        connections.add(service.connect());
        inserts.add(insert(connections.get(i)));
      }
      repeat(inserts, context.quick() ? 0.1 : 1);
      List<Round> rounds = new ArrayList<>();
      for (int i = context.rounds(); i > 0; i--)
        rounds.add(new Round(repeat(inserts, seconds), repeat(renames, seconds)));
      return measurements(rounds);
    } finally {
      for (Connection connection : connections) connection.close();
    }
  }

  private static List<Measurement> measurements(List<Round> rounds) {
    return List.of(
        Measurement.of(BenchRow.RENAME, "commands", "1/s", rounds, r -> r.renames.perSecond())
            .withFloor(rounds, round -> round.inserts.perSecond())
            .withBars(Bar.ratioAtLeast(0.15)),
        Measurement.of(BenchRow.RENAME, "service CPU", "ms", rounds, r -> r.renames.serviceCpu)
            .withBars(Bar.atMost(2)),
        Measurement.of(BenchRow.RENAME, "PostgreSQL CPU", "ms", rounds, r -> r.renames.postgresCpu)
            .withFloor(rounds, round -> round.inserts.postgresCpu)
            .withBars(Bar.atMost(1)));
  }

  /**
   * Result of repeating an operation.
   *
   * @param serviceCpu milliseconds each
   */
  private record Repetitions(double perSecond, double serviceCpu, double postgresCpu) {}

  /** Repeats the operations, each on a thread of its own. */
  private Repetitions repeat(List<Operation> operations, double seconds) throws Exception {
    double postgresCpu = service.postgresCpuSeconds();
    double serviceCpu = service.cpuSeconds();
    long start = System.nanoTime();
    long count = countUntil(start + (long) (seconds * 1e9), operations);
    double elapsed = (System.nanoTime() - start) / 1e9;
    return new Repetitions(
        count / elapsed,
        (service.cpuSeconds() - serviceCpu) * 1000 / count,
        (service.postgresCpuSeconds() - postgresCpu) * 1000 / count);
  }

  private static long countUntil(long end, List<Operation> operations) throws Exception {
    List<Callable<Long>> clients = new ArrayList<>();
    for (Operation operation : operations) clients.add(() -> repeat(operation, end));
    try (var threads = Executors.newCachedThreadPool()) {
      long count = 0;
      for (Future<Long> client : threads.invokeAll(clients)) count += client.get();
      return count;
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  private static long repeat(Operation operation, long end) throws Exception {
    long count = 0;
    for (int i = 0; i == 0 || System.nanoTime() < end; i++, count++)
      if (!operation.execute(i)) throw new ServiceUnavailableException("A rename was refused.");
    return count;
  }

  private void createTable() throws IOException, SQLException {
    try (Connection connection = service.connect();
        Statement sql = connection.createStatement()) {
      sql.execute("create table bench_event (like event including all)");
      // The copied default would draw from the sequence of the event store.
      sql.execute("create sequence bench_event_index");
      sql.execute(
          "alter table bench_event alter globalindex set default nextval('bench_event_index')");
      sql.execute(
          "create trigger event_order before insert on bench_event"
              + " for each statement execute function event_order()");
    }
  }

  /** The event is the last one in the store, that of a rename. */
  private static Operation insert(Connection connection) throws SQLException {
    List<Object> values = new ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet last =
            sql.executeQuery(
                "select "
                    + String.join(", ", COLUMNS)
                    + " from event"
                    + " where type = 'Session' order by globalindex desc limit 1")) {
      last.next();
      for (String column : COLUMNS) values.add(last.getObject(column));
    }
    String names =
        Stream.concat(
                Stream.of("aggregateidentifier", "sequencenumber", "eventidentifier"),
                COLUMNS.stream())
            .collect(joining(", "));
    PreparedStatement insert =
        connection.prepareStatement(
            "insert into bench_event (" + names + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    connection.setAutoCommit(false);
    String aggregate = UUID.randomUUID().toString();
    for (int i = 0; i < values.size(); i++) insert.setObject(i + 4, values.get(i));
    long[] sequence = {0};
    return count -> {
      insert.setString(1, aggregate);
      insert.setLong(2, sequence[0]++);
      insert.setString(3, UUID.randomUUID().toString());
      insert.executeUpdate();
      connection.commit();
      return true;
    };
  }
}
