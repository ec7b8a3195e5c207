package io.agentledger.store;

import io.agentledger.store.postgres.DatabaseAccess;
import io.agentledger.store.postgres.EmbeddedPostgres;
import io.agentledger.store.postgres.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.util.FileSystemUtils;

/**
 * Throw-away installation for tests: one PostgreSQL server for the JVM, and a database and a home
 * directory for each caller. The server is the product's own, with durable settings and the
 * product's roles.
 */
public final class TestInstallation {
  /**
   * Options of a JVM that a test starts. They reduce its startup time, because it ends before C2
   * and G1 pay off.
   */
  public static final List<String> JVM_OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Homes of services of which no process may outlive this JVM. */
  private static final Set<Path> HOMES = ConcurrentHashMap.newKeySet();

  /** Directories of sessions of those whose home may be deleted before. */
  private static final Set<Path> RUN_DIRECTORIES = ConcurrentHashMap.newKeySet();

  private TestInstallation() {}

  /**
   * Registers a fresh database and a fresh home with a Spring test: call it from a method with
   * {@code @DynamicPropertySource}.
   */
  public static void register(DynamicPropertyRegistry properties) {
    String url = migratedDatabase();
    Path home = newHome();
    DatabaseAccess application = Server.POSTGRES.application();
    DatabaseAccess owner = Server.POSTGRES.owner();
    properties.add("spring.datasource.url", () -> url);
    properties.add("spring.datasource.username", application::user);
    properties.add("spring.datasource.password", application::password);
    properties.add("spring.flyway.user", owner::user);
    properties.add("spring.flyway.password", owner::password);
    properties.add("agentledger.home", home::toString);
    HOMES.add(home);
  }

  /** Returns the same settings as arguments of a {@link SpringApplication}. */
  public static String[] arguments(String url, Path home) {
    HOMES.add(home);
    DatabaseAccess application = Server.POSTGRES.application();
    DatabaseAccess owner = Server.POSTGRES.owner();
    return new String[] {
      "--spring.datasource.url=" + url,
      "--spring.datasource.username=" + application.user(),
      "--spring.datasource.password=" + application.password(),
      "--spring.flyway.user=" + owner.user(),
      "--spring.flyway.password=" + owner.password(),
      "--agentledger.home=" + home
    };
  }

  /** Creates an empty database on the JVM's server and returns its JDBC URL. */
  public static String newDatabase() {
    String name = "house_" + COUNT.incrementAndGet();
    Server.POSTGRES.createDatabase(name);
    String url = Server.POSTGRES.application().url();
    return url.substring(0, url.lastIndexOf('/') + 1) + name;
  }

  /** Creates a database with all migrations of the class path and returns its JDBC URL. */
  public static String migratedDatabase() {
    String name = "house_" + COUNT.incrementAndGet();
    Server.POSTGRES.copyDatabase(name);
    String url = Server.POSTGRES.application().url();
    return url.substring(0, url.lastIndexOf('/') + 1) + name;
  }

  /**
   * Copies a database with all migrations into the home directory of a service that has not started
   * yet. The service then starts as after a restart.
   *
   * @param settings of the service, {@code --name=value}; nothing is copied if they name another
   *     database
   */
  public static void prepare(Path home, List<String> settings) {
    if (Files.exists(home.resolve("database"))) return;
    if (settings.stream().anyMatch(setting -> setting.startsWith("--spring.datasource.url=")))
      return;
    DatabaseTemplate.copyInto(home);
  }

  /**
   * Ends the service's processes when this JVM ends: those with a run outlive the service, because
   * its next start takes them over.
   *
   * @param home of a service that was started
   */
  public static void endProcessesAtExit(Path home) {
    RUN_DIRECTORIES.add(runDirectory(home));
    AtExit.ensureRegistered();
  }

  /**
   * Returns the directory of sessions, which is outside of a home directory that their users cannot
   * traverse.
   */
  public static Path runDirectory(Path home) {
    Path elsewhere = home.resolve("run.path");
    try {
      return Files.exists(elsewhere)
          ? Path.of(Files.readString(elsewhere).strip())
          : home.toAbsolutePath().resolve("run");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the role that owns all these databases. */
  public static DatabaseAccess owner() {
    return Server.POSTGRES.owner();
  }

  /** Returns the role of the application. */
  public static DatabaseAccess application() {
    return Server.POSTGRES.application();
  }

  /** Returns an unused path under {@code target}. */
  public static Path newHome() {
    try {
      Path homes = Files.createDirectories(Path.of("target", "homes")).toAbsolutePath();
      return Files.createTempDirectory(homes, "installation").resolve("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a home directory, because data directories are large. */
  public static void cleanUp(Path home) {
    try {
      FileSystemUtils.deleteRecursively(home.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns settings with PostgreSQL's programs in a directory that all modules share. */
  public static PostgresSettings postgresSettings() {
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("api")) ? here : here.getParent();
    return new PostgresSettings(
        Duration.ofSeconds(60), Duration.ofSeconds(30), root.resolve("target").toString());
  }

  /** Application without components. */
  static final class Nothing {}

  /** Shutdown handlers, which run when every Spring context has been closed. */
  private static final class AtExit {
    static {
      // Spring calls the handlers only in a JVM that started a context.
      new SpringApplicationBuilder(Nothing.class)
          .web(WebApplicationType.NONE)
          .bannerMode(Banner.Mode.OFF)
          .logStartupInfo(false)
          .run()
          .close();
      SpringApplication.getShutdownHandlers().add(AtExit::endProcesses);
    }

    static void ensureRegistered() {}

    private static void endProcesses() {
      HOMES.stream().map(TestInstallation::runDirectory).forEach(RUN_DIRECTORIES::add);
      ProcessHandle.allProcesses()
          .filter(process -> isOwn(process.info().commandLine().orElse("")))
          .forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean isOwn(String commandLine) {
      return RUN_DIRECTORIES.stream().anyMatch(directory -> commandLine.contains(directory + "/"));
    }
  }

  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      Path directory = newHome();
      DatabaseTemplate.copyInto(directory);
      NodeHome home = NodeHome.of(directory);
      EmbeddedPostgres started = EmbeddedPostgres.start(home, postgresSettings());
      AtExit.ensureRegistered();
      SpringApplication.getShutdownHandlers()
          .add(
              () -> {
                started.close();
                home.close();
                cleanUp(home.root());
              });
      return started;
    }
  }
}
