package io.agentledger.store.postgres;

import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/**
 * Data directory of the embedded server: created completely or not at all, with durable settings
 * and SCRAM authentication.
 */
final class DataDirectory {
  static final String SUPERUSER = "postgres";
  private static final Duration INITDB_TIMEOUT = Duration.ofMinutes(2);

  private static final String SETTINGS =
      """
      # Written at every start.
      listen_addresses = '127.0.0.1'
      unix_socket_directories = ''
      ssl = off
      password_encryption = 'scram-sha-256'
      # The passwords are random, so iterations add no protection and slow down each connection.
      scram_iterations = 1
      fsync = on
      synchronous_commit = on
      full_page_writes = on
      max_connections = 200
      shared_buffers = '128MB'
      timezone = 'UTC'
      log_timezone = 'UTC'
      log_destination = 'stderr'
      logging_collector = off
      log_line_prefix = '%m [%p] %q%u '
      log_statement = 'none'
      log_min_error_statement = 'panic'
      log_error_verbosity = 'terse'
      """;

  private static final String HBA_CONF =
      """
      # Written at every start. Every connection needs a password, on loopback too.
      host all all 127.0.0.1/32 scram-sha-256
      """;

  private final Path data;

  private DataDirectory(Path data) {
    this.data = data;
  }

  static boolean existsAt(Path data) {
    return Files.exists(data.resolve("PG_VERSION"));
  }

  static DataDirectory configure(Path data) throws IOException {
    DurableFiles.write(data.resolve("agentledger.conf"), SETTINGS.getBytes(StandardCharsets.UTF_8));
    DurableFiles.write(data.resolve("pg_hba.conf"), HBA_CONF.getBytes(StandardCharsets.UTF_8));
    return new DataDirectory(data);
  }

  static DataDirectory create(
      Path data, PostgresPrograms programs, PostgresBinaries binaries, String superuserPassword)
      throws IOException {
    Path unfinished = data.resolveSibling("making-" + data.getFileName());
    FileSystemUtils.deleteRecursively(unfinished);
    Path password = data.resolveSibling("making-password");
    Path log = data.resolveSibling("initdb.log");
    Files.deleteIfExists(log);
    DurableFiles.write(password, superuserPassword.getBytes(StandardCharsets.UTF_8));
    try {
      int code = programs.run(initdb(binaries, unfinished, password), INITDB_TIMEOUT, log);
      if (code != 0) throw new PostgresException("initdb failed:\n" + ServerLogTail.read(log));
    } finally {
      Files.delete(password);
    }
    Files.writeString(
        unfinished.resolve("postgresql.conf"),
        "\ninclude 'agentledger.conf'\n",
        StandardOpenOption.APPEND);
    configure(unfinished);
    Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncDirectory(data.resolveSibling("."));
    return new DataDirectory(data);
  }

  private static List<String> initdb(PostgresBinaries binaries, Path data, Path password) {
    return List.of(
        binaries.initdb(),
        "--pgdata=" + data,
        "--username=" + SUPERUSER,
        "--pwfile=" + password,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--set=scram_iterations=1",
        "--no-instructions");
  }

  Path data() {
    return data;
  }
}
