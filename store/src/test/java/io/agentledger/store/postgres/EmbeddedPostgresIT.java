package io.agentledger.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.store.NodeHome;
import io.agentledger.store.TestInstallation;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresIT {
  /** Shared by all tests, each of which starts and stops the server on it at least once. */
  private static final Path directory = TestInstallation.newHome();

  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_ENCRYPTION_REQUEST = 80877104;

  private NodeHome home;
  private EmbeddedPostgres postgres;

  static final String KEEP =
      "drop table if exists kept; create table kept (n int); insert into kept values (7)";

  @BeforeEach
  void start() {
    open();
  }

  private void open() {
    home = NodeHome.of(directory);
    postgres = EmbeddedPostgres.start(home, TestInstallation.postgresSettings());
  }

  @AfterAll
  static void cleanUp() {
    TestInstallation.cleanUp(directory);
  }

  @AfterEach
  void stop() {
    postgres.close();
    home.close();
    assertThat(PostmasterPid.processesOn(data())).isEmpty();
  }

  private Path data() {
    return directory.resolve("database/data");
  }

  @Test
  void dataSurvivesARestart() throws SQLException {
    executeAs(postgres.owner(), KEEP);
    int port = portOf(postgres);
    stop();
    open();
    assertThat(queryString(postgres.owner(), "select n from kept")).isEqualTo("7");
    assertThat(portOf(postgres)).isEqualTo(port);
  }

  @Test
  void killedServerRestartsOnItsPortWithItsData() throws SQLException {
    executeAs(postgres.owner(), KEEP);
    long killed = postgres.pid();
    DatabaseAccess owner = postgres.owner();
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> queryString(owner, "select n from kept").equals("7") && postgres.pid() != killed);
  }

  @Test
  void serverThatIsKilledWhileItStartsAgainComesBack() {
    long killed = postgres.pid();
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> PostmasterPid.read(data()).filter(next -> next.pid() != killed).isPresent());
    PostmasterPid.processesOn(data()).forEach(ProcessHandle::destroyForcibly);

    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> queryString(postgres.owner(), "select 1").equals("1"));
  }

  @Test
  void serverOfAKilledServiceIsAdoptedByTheNext() throws Exception {
    stop();
    Process node = doomedNode();
    long server;
    try (BufferedReader says = node.inputReader()) {
      String ready = says.lines().filter(l -> l.startsWith("READY ")).findFirst().orElseThrow();
      server = Long.parseLong(ready.substring("READY ".length()));
      assertThatThrownBy(() -> NodeHome.of(directory))
          .isInstanceOf(NodeHome.HomeInUseException.class);
      node.destroyForcibly().waitFor();
    }
    assertThat(ProcessHandle.of(server)).isPresent();
    open();
    assertThat(postgres.pid()).isEqualTo(server);
    assertThat(queryString(postgres.owner(), "select n from kept")).isEqualTo("7");
  }

  @Test
  void unresponsiveOrphanServerIsStoppedBeforeANewStart() throws Exception {
    executeAs(postgres.owner(), KEEP);
    long mute = postgres.pid();
    postgres.detach();
    home.close();
    new ProcessBuilder("kill", "-STOP", String.valueOf(mute)).start().waitFor();
    home = NodeHome.of(directory);
    PostgresSettings usual = TestInstallation.postgresSettings();
    postgres =
        EmbeddedPostgres.start(
            home,
            new PostgresSettings(usual.startTimeout(), Duration.ofSeconds(1), usual.binaries()));
    assertThat(postgres.pid()).isNotEqualTo(mute);
    assertThat(PostmasterPid.processesOn(data()))
        .extracting(ProcessHandle::pid)
        .doesNotContain(mute);
    assertThat(queryString(postgres.owner(), "select n from kept")).isEqualTo("7");
  }

  @Test
  void frozenServerStopsInOrder() throws Exception {
    executeAs(postgres.owner(), KEEP);
    var line = new ArrayList<>(List.of("kill", "-STOP", String.valueOf(postgres.pid())));
    PostmasterPid.processesOn(data()).forEach(process -> line.add(String.valueOf(process.pid())));
    new ProcessBuilder(line).start().waitFor();

    assertThat(CompletableFuture.runAsync(postgres::close))
        .succeedsWithin(TestInstallation.postgresSettings().stopTimeout());

    assertThat(PostmasterPid.fileIn(data())).doesNotExist();
    assertThat(PostmasterPid.processesOn(data())).isEmpty();
  }

  @Test
  void reusedPidInThePidFileIsNotKilled() throws Exception {
    executeAs(postgres.owner(), KEEP);
    stop();
    Process outsider = new ProcessBuilder("sleep", "60").start();
    Files.writeString(
        PostmasterPid.fileIn(data()),
        outsider.pid() + "\n" + data() + "\n1700000000\n" + 5432 + "\n\n127.0.0.1\n\nready\n");
    open();
    assertThat(outsider.isAlive()).isTrue();
    outsider.destroyForcibly();
    assertThat(queryString(postgres.owner(), "select n from kept")).isEqualTo("7");
  }

  @Test
  void startFailureReportsItsCause() throws IOException {
    stop();
    Path version = data().resolve("PG_VERSION");
    Files.writeString(version, "9.6\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("server.log")
        .hasMessageContaining("incompatible");
    home.close();
    Files.writeString(version, "18\n");
    open();
  }

  private Process doomedNode() throws IOException {
    var line = new ArrayList<String>();
    line.add(ProcessHandle.current().info().command().orElseThrow());
    line.addAll(TestInstallation.JVM_OPTIONS);
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.addAll(List.of(KillableService.class.getName(), directory.toString()));
    return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @Test
  void serverIsDurableAndRequiresAPassword() throws SQLException, IOException {
    for (String setting :
        new String[] {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"})
      assertThat(queryString(postgres.application(), "show " + setting)).isEqualTo("on");
    assertThat(queryString(postgres.application(), "show listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(queryString(postgres.application(), "show transaction_timeout")).isEqualTo("30s");
    for (DatabaseAccess access : new DatabaseAccess[] {postgres.application(), postgres.owner()})
      for (String wrong : new String[] {"", "wrong"})
        assertThatThrownBy(() -> new DatabaseAccess(access.url(), access.user(), wrong).connect(5))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("password");
    assertThat(mode(directory.resolve("keys/postgres.properties"))).isEqualTo("rw-------");
    for (String secret : new String[] {"keys", "database"})
      assertThat(mode(directory.resolve(secret))).isEqualTo("rwx------");
  }

  /** The server's programs contain an unmaintained OpenSSL, so they must not accept TLS. */
  @Test
  void serverDoesNotAcceptTls() throws SQLException, IOException {
    assertThat(queryString(postgres.application(), "show ssl")).isEqualTo("off");
    for (int request : new int[] {SSL_REQUEST, GSS_ENCRYPTION_REQUEST})
      try (var socket = new Socket("127.0.0.1", portOf(postgres))) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(ByteBuffer.allocate(8).putInt(8).putInt(request).array());
        assertThat(socket.getInputStream().read()).as("declined").isEqualTo('N');
      }
    assertThat(
            queryString(
                postgres.application(),
                "select count(*) from pg_stat_ssl where ssl and pid = pg_backend_pid()"))
        .isEqualTo("0");
  }

  @Test
  void neitherRoleIsSuperuser() throws SQLException {
    for (DatabaseAccess access : new DatabaseAccess[] {postgres.application(), postgres.owner()})
      assertThat(
              queryString(
                  access,
                  "select rolsuper or rolcreaterole or rolcreatedb from pg_roles"
                      + " where rolname = current_user"))
          .isEqualTo("f");
    assertThatThrownBy(() -> executeAs(postgres.application(), "create table mine (n int)"))
        .hasMessageContaining("permission denied");
  }

  @Test
  void lostPasswordsAreNotRegenerated() throws IOException {
    stop();
    Path passwords = directory.resolve("keys/postgres.properties");
    byte[] kept = Files.readAllBytes(passwords);
    Files.delete(passwords);
    assertThatThrownBy(this::open)
        .isInstanceOf(PostgresException.class)
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

  private static void executeAs(DatabaseAccess access, String sql) throws SQLException {
    try (Connection connection = access.connect(5);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String queryString(DatabaseAccess access, String sql) throws SQLException {
    try (Connection connection = access.connect(5);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
