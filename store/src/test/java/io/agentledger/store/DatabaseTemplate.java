package io.agentledger.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.agentledger.store.postgres.DatabaseAccess;
import io.agentledger.store.postgres.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.DigestUtils;

/**
 * Data directory with all migrations of the class path applied, created once per module and build
 * and copied into the homes of tests. Concurrent JVMs wait for one another.
 */
final class DatabaseTemplate {
  private static final Path DIRECTORY = Path.of("target", "database-template").toAbsolutePath();

  private DatabaseTemplate() {}

  /** Puts the database and its passwords into a home that has none; else does nothing. */
  static synchronized void copyInto(Path home) {
    Path database = home.resolve("database");
    if (Files.exists(database)) return;
    try {
      Path template = made();
      for (Path at : new Path[] {home, home.resolve("keys"), database}) Files.createDirectories(at);
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
      Files.copy(
          template.resolve("keys/postgres.properties"),
          home.resolve("keys/postgres.properties"),
          StandardCopyOption.COPY_ATTRIBUTES);
      copy(template.resolve("database/data"), database.resolve("data"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path made() throws IOException {
    Path template = DIRECTORY.resolve(digestOfMigrations());
    Files.createDirectories(DIRECTORY);
    try (var file = FileChannel.open(DIRECTORY.resolve("lock"), CREATE, WRITE)) {
      file.lock();
      if (!Files.exists(template)) make(template);
    }
    return template;
  }

  private static void make(Path template) throws IOException {
    Path unfinished = DIRECTORY.resolve("unfinished-" + UUID.randomUUID());
    try (var home = NodeHome.of(unfinished);
        var postgres = EmbeddedPostgres.start(home, TestInstallation.postgresSettings())) {
      DatabaseAccess owner = postgres.owner();
      Flyway.configure()
          .dataSource(owner.url(), owner.user(), owner.password())
          .placeholders(Map.of("application", postgres.application().user()))
          .load()
          .migrate();
    }
    Files.move(unfinished, template, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String digestOfMigrations() throws IOException {
    Resource[] migrations =
        new PathMatchingResourcePatternResolver().getResources("classpath*:db/migration/*");
    Arrays.sort(migrations, Comparator.comparing(Resource::getFilename));
    var all = new ByteArrayOutputStream();
    for (Resource migration : migrations) all.writeBytes(migration.getContentAsByteArray());
    return DigestUtils.md5DigestAsHex(all.toByteArray());
  }

  private static void copy(Path from, Path to) throws IOException {
    Process copying =
        new ProcessBuilder("cp", "-a", from.toString(), to.toString()).inheritIO().start();
    int exit = copying.onExit().join().exitValue();
    if (exit != 0) throw new IOException("cp ended with " + exit);
  }
}
