package io.agentledger.client.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Counters of the service's database, or the difference of two readings.
 *
 * @param transactions all of the service's database
 * @param writes those that wrote, of the whole server
 * @param syncs of the server's log to the disk
 */
record DatabaseCounters(double seconds, double transactions, double writes, double syncs) {
  /**
   * Time after which the counters are complete. Idle connections report within ten seconds, but one
   * that is used for reads now and then has reported 400 transactions after nineteen.
   */
  static final Duration SETTLE = Duration.ofSeconds(25);

  private static final String STATISTICS =
      """
      select
        (select xact_commit + xact_rollback from pg_stat_database where datname = 'agentledger'),
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
        (select sum(fsyncs) from pg_stat_io where object = 'wal')""";

  static DatabaseCounters read(Connection connection) throws SQLException {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(STATISTICS)) {
      row.next();
      double seconds = System.nanoTime() / 1e9;
      return new DatabaseCounters(seconds, row.getDouble(1), row.getDouble(2), row.getDouble(3));
    }
  }

  DatabaseCounters minus(DatabaseCounters other) {
    return new DatabaseCounters(
        seconds - other.seconds,
        transactions - other.transactions,
        writes - other.writes,
        syncs - other.syncs);
  }

  DatabaseCounters times(double factor) {
    return new DatabaseCounters(
        seconds * factor, transactions * factor, writes * factor, syncs * factor);
  }
}
