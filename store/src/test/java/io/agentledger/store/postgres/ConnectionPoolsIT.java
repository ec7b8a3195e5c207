package io.agentledger.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.api.ops.DatabaseOutage;
import io.agentledger.store.StoreTestSupport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Time limits for answers of the database. */
class ConnectionPoolsIT extends StoreTestSupport {
  private static final String LONG_STATEMENT = "select pg_sleep(1.5)";
  private static final int SOCKET_TIMEOUT_MILLIS = 6000;

  @Autowired private ConnectionPools pools;
  @Autowired private DataSource application;
  @Autowired private PlatformTransactionManager transactionManager;

  @Test
  void everyPoolHasTheBoundsOfTheMainOne() throws SQLException {
    assertThat(networkTimeout(application)).isEqualTo(SOCKET_TIMEOUT_MILLIS);
    try (var small = new HikariDataSource(pools.configure("small", 1))) {
      assertThat(networkTimeout(small)).isEqualTo(SOCKET_TIMEOUT_MILLIS);
      assertThat(small.getConnectionTimeout()).isEqualTo(5000);
    }
    try (var connection = pools.connect()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(SOCKET_TIMEOUT_MILLIS);
    }
  }

  @Test
  void transactionWithoutStatementsTakesNoConnection() throws SQLException {
    var pool = application.unwrap(HikariDataSource.class);
    var transaction = new TransactionTemplate(transactionManager);
    var taken = new ArrayList<Connection>();
    try {
      while (taken.size() < pool.getMaximumPoolSize()) taken.add(pool.getConnection());
      transaction.executeWithoutResult(status -> assertThat(status.isNewTransaction()).isTrue());
    } finally {
      for (Connection connection : taken) connection.close();
    }
  }

  @Test
  void onlyLongStatementsMayTakeLongerThanTheBound() throws SQLException {
    try (var pool = new HikariDataSource(pools.configure("second", 1, Duration.ofSeconds(1)))) {
      var sql = new JdbcTemplate(pool);
      assertThatThrownBy(() -> sql.execute(LONG_STATEMENT))
          .satisfies(failure -> assertThat(DatabaseOutage.findCause(failure)).isPresent());

      new TransactionTemplate(new DataSourceTransactionManager(pool))
          .executeWithoutResult(
              status -> {
                LongStatements.allow(pool);
                sql.execute(LONG_STATEMENT);
              });
      assertThat(networkTimeout(pool)).as("after the transaction").isEqualTo(1000);
    }
  }

  private static int networkTimeout(DataSource pool) throws SQLException {
    try (var connection = pool.getConnection()) {
      return connection.getNetworkTimeout();
    }
  }
}
