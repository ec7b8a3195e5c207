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
  private final double[] floor;
  private final double[] ours;
  private final double[] floorPostgresCpu;
  private final double[] postgresCpu;
  private final double[] serviceCpu;

  RenameRow(BenchContext context) {
    this.context = context;
    this.service = context.service();
    int rounds = context.rounds();
    floor = new double[rounds];
    ours = new double[rounds];
    floorPostgresCpu = new double[rounds];
    postgresCpu = new double[rounds];
    serviceCpu = new double[rounds];
  }

  /** An operation that a client repeats; returns false if it failed. */
  private interface Operation {
    boolean execute(int count) throws Exception;
  }

  List<Measurement> measure() throws Exception {
    List<Operation> renames = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      BenchSession session = BenchSession.open(service);
      renames.add(count -> service.isAnswered(session.rename("Title " + count)));
    }
    double seconds = context.choose(1, 5);
    repeat(renames, context.choose(2, 30));
    List<Connection> connections = new ArrayList<>();
    try {
      List<Operation> inserts = new ArrayList<>();
      createTable();
      for (int i = 0; i < CLIENTS; i++) {
        connections.add(service.connect());
        inserts.add(insert(connections.get(i)));
      }
      repeat(inserts, 1);
      for (int round = 0; round < ours.length; round++)
        measureRound(round, inserts, renames, seconds);
    } finally {
      for (Connection connection : connections) connection.close();
    }
    return measurements();
  }

  private void measureRound(
      int round, List<Operation> inserts, List<Operation> renames, double seconds)
      throws Exception {
    double postgres = service.postgresCpuSeconds();
    Repetitions inserted = repeat(inserts, seconds);
    floor[round] = inserted.perSecond();
    floorPostgresCpu[round] = inserted.millisEach(service.postgresCpuSeconds() - postgres);
    postgres = service.postgresCpuSeconds();
    double cpu = service.cpuSeconds();
    Repetitions renamed = repeat(renames, seconds);
    ours[round] = renamed.perSecond();
    serviceCpu[round] = renamed.millisEach(service.cpuSeconds() - cpu);
    postgresCpu[round] = renamed.millisEach(service.postgresCpuSeconds() - postgres);
  }

  private List<Measurement> measurements() {
    return List.of(
        new Measurement(
            BenchRow.RENAME, "commands", "1/s", floor, ours, List.of(Bar.ratioAtLeast(0.15))),
        new Measurement(
            BenchRow.RENAME,
            "service CPU",
            "ms",
            new double[0],
            serviceCpu,
            List.of(Bar.atMost(2))),
        new Measurement(
            BenchRow.RENAME,
            "PostgreSQL CPU",
            "ms",
            floorPostgresCpu,
            postgresCpu,
            List.of(Bar.atMost(1))));
  }

  private record Repetitions(long count, double seconds) {
    double perSecond() {
      return count / seconds;
    }

    double millisEach(double cpuSeconds) {
      return cpuSeconds * 1000 / count;
    }
  }

  /** Repeats the operations, each on a thread of its own. */
  private static Repetitions repeat(List<Operation> operations, double seconds) throws Exception {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    List<Callable<Long>> clients = new ArrayList<>();
    for (Operation operation : operations) clients.add(() -> repeat(operation, end));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long count = 0;
      for (Future<Long> client : threads.invokeAll(clients)) count += client.get();
      return new Repetitions(count, (System.nanoTime() - start) / 1e9);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  private static long repeat(Operation operation, long end) throws Exception {
    long count = 0;
    for (int i = 0; System.nanoTime() < end; i++, count++)
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
