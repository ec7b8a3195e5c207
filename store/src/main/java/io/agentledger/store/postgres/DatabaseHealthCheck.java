package io.agentledger.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Health of the database: whether it responds, its size and its busiest clients. It has a
 * connection of its own, whose timeouts are those of the check, so it responds however busy the
 * application's pool is.
 */
public final class DatabaseHealthCheck implements HealthCheck, AutoCloseable {
  /**
   * Age of a transaction above which the health is degraded; the pool ends the service's own at
   * thirty seconds.
   */
  private static final Duration TRANSACTION_AGE_MAX = Duration.ofSeconds(20);

  private static final double CONNECTION_USE_MAX = 0.9;

  private final HikariDataSource connections;
  private final DataSource application;
  private final JdbcClient sql;

  /**
   * Creates the check.
   *
   * @param connections for the check's queries; closed with this
   * @param application the pool whose use is reported, if it is one
   */
  public DatabaseHealthCheck(HikariDataSource connections, DataSource application) {
    this.connections = connections;
    this.application = application;
    this.sql = JdbcClient.create(connections);
  }

  @Override
  public String name() {
    return "database";
  }

  @Override
  public ComponentHealth check() throws SQLException {
    var details =
        sql.sql(
                """
                select current_setting('server_version'),
                  pg_database_size(current_database()),
                  count(*) filter (where datname = current_database()),
                  current_setting('max_connections')::bigint,
                  coalesce(max(extract(epoch from clock_timestamp() - xact_start))
                    filter (where datname = current_database() and pid <> pg_backend_pid()), 0)
                    ::bigint
                from pg_stat_activity""")
            .query(
                (row, number) ->
                    Map.<String, Object>of(
                        "version", row.getString(1),
                        "size_bytes", row.getLong(2),
                        "connections", row.getLong(3),
                        "connections_max", row.getLong(4),
                        "longest_transaction_seconds", row.getLong(5)))
            .single();
    return toHealth(addPool(details));
  }

  private Map<String, Object> addPool(Map<String, Object> row) throws SQLException {
    Map<String, Object> details = new LinkedHashMap<>(row);
    if (!application.isWrapperFor(HikariDataSource.class)) return details;
    var pool = application.unwrap(HikariDataSource.class).getHikariPoolMXBean();
    if (pool == null) return details;
    details.put("pool_active", pool.getActiveConnections());
    details.put("pool_idle", pool.getIdleConnections());
    details.put("pool_waiting", pool.getThreadsAwaitingConnection());
    return details;
  }

  @Override
  public void close() {
    connections.close();
  }

  private ComponentHealth toHealth(Map<String, Object> details) {
    if (number(details, "longest_transaction_seconds") > TRANSACTION_AGE_MAX.toSeconds())
      return ComponentHealth.degraded(
          name(), "A transaction has been open for a long time.", details);
    if (number(details, "connections") > CONNECTION_USE_MAX * number(details, "connections_max"))
      return ComponentHealth.degraded(
          name(), "The server has almost no free connections.", details);
    if (number(details, "pool_waiting") > 0)
      return ComponentHealth.degraded(
          name(), "Threads are waiting for a connection of the pool.", details);
    return ComponentHealth.up(name(), "The database responds.", details);
  }

  private static long number(Map<String, Object> details, String name) {
    return details.get(name) instanceof Number number ? number.longValue() : 0;
  }
}
