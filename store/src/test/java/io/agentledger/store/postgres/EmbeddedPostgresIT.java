package io.agentledger.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.store.Home;
import io.agentledger.store.TestHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresIT {
  private Path directory;
  private Home home;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void start() {
    directory = TestHouse.newHome();
    open();
  }

  private void open() {
    home = Home.at(directory);
    postgres = EmbeddedPostgres.start(home, TestHouse.postgresSettings());
  }

  @AfterEach
  void stop() {
    postgres.close();
    home.close();
    assertThat(Postmaster.processesOn(data())).isEmpty();
  }

  private Path data() {
    return directory.resolve("database/data");
  }

  @Test
  void dataSurviveARestart() throws SQLException {
    as(postgres.owner(), "create table kept (n int); insert into kept values (7)");
    int port = portOf(postgres);
    stop();
    open();
    assertThat(one(postgres.owner(), "select n from kept")).isEqualTo("7");
    assertThat(portOf(postgres)).isEqualTo(port);
  }

  @Test
  void aServerThatIsKilledComesBackOnItsPortWithItsData() throws SQLException {
    as(postgres.owner(), "create table kept (n int); insert into kept values (7)");
    long killed = postgres.pid();
    Access owner = postgres.owner();
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> one(owner, "select n from kept").equals("7") && postgres.pid() != killed);
  }

  @Test
  void itIsDurableAndAsksEverybodyForAPassword() throws SQLException, IOException {
    for (String setting :
        new String[] {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"})
      assertThat(one(postgres.application(), "show " + setting)).isEqualTo("on");
    assertThat(one(postgres.application(), "show listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(one(postgres.application(), "show transaction_timeout")).isEqualTo("30s");
    for (Access access : new Access[] {postgres.application(), postgres.owner()})
      for (String wrong : new String[] {"", "wrong"})
        assertThatThrownBy(() -> new Access(access.url(), access.user(), wrong).connect(5))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("password");
    assertThat(mode(directory.resolve("keys/postgres.properties"))).isEqualTo("rw-------");
    for (String secret : new String[] {"keys", "database"})
      assertThat(mode(directory.resolve(secret))).isEqualTo("rwx------");
  }

  @Test
  void neitherRoleIsAlmighty() throws SQLException {
    for (Access access : new Access[] {postgres.application(), postgres.owner()})
      assertThat(
              one(
                  access,
                  "select rolsuper or rolcreaterole or rolcreatedb from pg_roles"
                      + " where rolname = current_user"))
          .isEqualTo("f");
    assertThatThrownBy(() -> as(postgres.application(), "create table mine (n int)"))
        .hasMessageContaining("permission denied");
  }

  @Test
  void passwordsThatAreLostAreNotMadeAnew() throws IOException {
    stop();
    Path passwords = directory.resolve("keys/postgres.properties");
    byte[] kept = Files.readAllBytes(passwords);
    Files.delete(passwords);
    assertThatThrownBy(this::open)
        .isInstanceOf(PostgresFault.class)
        .hasMessageContaining("are missing");
    home.close();
    Files.write(passwords, kept);
    open();
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static int portOf(EmbeddedPostgres postgres) {
    return java.net.URI.create(postgres.owner().url().substring("jdbc:".length())).getPort();
  }

  private static void as(Access access, String sql) throws SQLException {
    try (Connection connection = access.connect(5);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(Access access, String sql) throws SQLException {
    try (Connection connection = access.connect(5);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
