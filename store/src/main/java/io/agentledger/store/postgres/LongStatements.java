package io.agentledger.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Exempts a transaction from the pool's timeout for each answer of the database ({@code
 * socketTimeout}): for statements over whole tables. The server's limit on transactions still
 * applies. The pool restores the connection's timeout after the transaction.
 */
public final class LongStatements {
  /** Longer than the server's limit on transactions. */
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private LongStatements() {}

  /** Exempts the rest of the current transaction of this data source. */
  public static void allow(DataSource database) {
    new JdbcTemplate(database).execute(LongStatements::extendTimeout);
  }

  private static boolean extendTimeout(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, (int) TIMEOUT.toMillis());
    return true;
  }
}
