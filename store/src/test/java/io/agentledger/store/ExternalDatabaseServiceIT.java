package io.agentledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.store.postgres.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The service on an external database. */
class ExternalDatabaseServiceIT {
  @Test
  void oneDatabaseUserSuffices() {
    ConnectionSettings owner = new ConnectionSettings();
    var application = new SpringApplication(StoreTestSupport.Application.class);
    application.setRegisterShutdownHook(false);
    try (var node =
        application.run(
            "--agentledger.home=" + TestInstallation.newHome(),
            "--spring.datasource.url=" + owner.url,
            "--spring.datasource.username=" + owner.user,
            "--spring.datasource.password=" + owner.password)) {
      assertThat(node.getBeansOfType(EmbeddedPostgres.class)).isEmpty();
      JdbcTemplate sql = node.getBean(JdbcTemplate.class);
      assertThat(sql.queryForObject("select count(*) from event", Long.class)).isZero();
      assertThat(sql.queryForObject("show transaction_timeout", String.class)).isEqualTo("30s");
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> sql.update("delete from event"))
          .isInstanceOf(DataAccessException.class);
    }
  }

  private static final class ConnectionSettings {
    final String url = TestInstallation.newDatabase();
    final String user = TestInstallation.owner().user();
    final String password = TestInstallation.owner().password();
  }
}
