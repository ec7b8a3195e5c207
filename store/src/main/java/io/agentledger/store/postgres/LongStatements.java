package io.agentledger.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Exemption of a transaction from the bound of the pool's connections on each answer of the
 * database ({@code socketTimeout}): for statements over whole tables. The server's bound on
 * transactions stays. The pool puts the connection's own bound back after the transaction.
 */
public final class LongStatements {
  /** More than the server lets a transaction last. */
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private LongStatements() {}

  /** Within a transaction of this data source, for the rest of it. */
  public static void allow(DataSource database) {
    new JdbcTemplate(database).execute(LongStatements::extendTimeout);
  }

  private static boolean extendTimeout(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, (int) TIMEOUT.toMillis());
    return true;
  }
}
