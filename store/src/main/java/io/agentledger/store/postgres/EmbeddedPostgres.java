package io.agentledger.store.postgres;

import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real PostgreSQL server in the home of this node: durable, on loopback and a free port, with
 * generated passwords. It survives a crash of the service, and the next service adopts it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private final PostgresServer server;
  private final PostgresPasswords passwords;

  private EmbeddedPostgres(PostgresServer server, PostgresPasswords passwords) {
    this.server = server;
    this.passwords = passwords;
  }

  /**
   * Starts the home's server, or adopts one that a crash left running. On return it accepts
   * connections.
   *
   * @throws PostgresException if it does not accept connections in time
   */
  public static EmbeddedPostgres start(NodeHome home, PostgresSettings settings) {
    Path directory = home.database();
    try {
      PostgresPrograms programs = PostgresPrograms.forCurrentUser();
      Path unpacked = settings.binaries() == null ? directory : Path.of(settings.binaries());
      PostgresBinaries binaries = PostgresBinaries.unpackInto(unpacked);
      Path data = directory.resolve("data");
      PostgresPasswords passwords =
          loadOrCreatePasswords(home.keys().resolve("postgres.properties"), data);
      if (!DataDirectory.existsAt(data))
        DataDirectory.create(data, programs, binaries, passwords.superuser());
      var server = new PostgresServer(data, programs, binaries, settings);
      var started = new EmbeddedPostgres(server, passwords);
      started.startServer();
      return started;
    } catch (IOException e) {
      throw new PostgresException(
          "the embedded PostgreSQL in " + directory + " cannot be used: " + e, e);
    }
  }

  private static PostgresPasswords loadOrCreatePasswords(Path file, Path data) throws IOException {
    Optional<PostgresPasswords> existing = PostgresPasswords.read(file);
    if (existing.isPresent()) return existing.get();
    if (DataDirectory.existsAt(data))
      throw new PostgresException(
          "the passwords of the database in " + data + " are missing: put " + file + " back");
    return PostgresPasswords.createIn(file);
  }

  private void startServer() throws IOException {
    boolean adopted = server.adoptOrStop(port -> isAnswering(superuser(port)));
    if (!adopted) server.start();
    try (Connection superuser = superuser(server.port()).connect(10)) {
      DatabaseProvisioner.provision(superuser, passwords);
    } catch (SQLException e) {
      throw new PostgresException("the embedded PostgreSQL does not answer: " + e.getMessage(), e);
    }
    log.atInfo()
        .addKeyValue("port", server.port())
        .addKeyValue("adopted", adopted)
        .log("embedded PostgreSQL is up");
  }

  /**
   * Returns true if the server belongs to this home: it accepts the superuser's password and has
   * our directory.
   */
  private boolean isAnswering(DatabaseAccess access) {
    try (Connection connection = access.connect(5);
        Statement sql = connection.createStatement();
        var rows = sql.executeQuery("show data_directory")) {
      return rows.next() && Files.isSameFile(Path.of(rows.getString(1)), server.data());
    } catch (SQLException | IOException e) {
      return false;
    }
  }

  private DatabaseAccess superuser(int port) {
    return accessTo(port, "postgres", DataDirectory.SUPERUSER, passwords.superuser());
  }

  /** Returns access with the application's role. */
  public DatabaseAccess application() {
    return accessTo(
        server.port(),
        DatabaseProvisioner.DATABASE,
        DatabaseProvisioner.APPLICATION,
        passwords.application());
  }

  /** Returns access with the role that owns the schema. */
  public DatabaseAccess owner() {
    return accessTo(
        server.port(), DatabaseProvisioner.DATABASE, DatabaseProvisioner.OWNER, passwords.owner());
  }

  private static DatabaseAccess accessTo(int port, String database, String user, String password) {
    return new DatabaseAccess(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, user, password);
  }

  /** Returns the process id of the server. */
  public long pid() {
    return server.pid();
  }

  /** Creates a database beside the service's own, for tests. */
  public void createDatabase(String name) {
    createDatabase(name, "template1");
  }

  /** Copies the service's own database, for tests; there must be no connections to it meanwhile. */
  public void copyDatabase(String name) {
    createDatabase(name, DatabaseProvisioner.DATABASE);
  }

  private void createDatabase(String name, String template) {
    if (!name.matches("[a-z][a-z0-9_]{0,62}")) throw new IllegalArgumentException("not a name");
    try (Connection connection = superuser(server.port()).connect(10);
        Statement sql = connection.createStatement()) {
      DatabaseProvisioner.create(sql, name, template);
    } catch (SQLException e) {
      throw new PostgresException("cannot create " + name, e);
    }
  }

  /** Leaves the server running, as a crash of this process would. */
  void detach() {
    server.detach();
  }

  /** Stops the server; committed data is on the disk. */
  @Override
  public void close() {
    server.stop();
  }
}
