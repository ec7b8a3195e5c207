package io.agentledger.store.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs PostgreSQL's programs, which refuse root. A service that runs as root runs them in a user
 * namespace without a mapping, where its own files stay its own and nothing else belongs to root.
 */
final class PostgresPrograms {
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);

  private final List<String> prefix;

  private PostgresPrograms(List<String> prefix) {
    this.prefix = prefix;
  }

  static PostgresPrograms forCurrentUser() throws IOException {
    if (!isRoot()) return new PostgresPrograms(List.of());
    var unshared = new PostgresPrograms(List.of("unshare", "--user", "--"));
    if (unshared.run(List.of("true"), PROBE_TIMEOUT, Path.of("/dev/null")) != 0)
      throw new PostgresException(
          "PostgreSQL refuses to run as root, and no user namespace can be made here; run the"
              + " service as an ordinary user, or set spring.datasource.url");
    return unshared;
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /**
   * Runs a program to its end; its output goes to {@code output}. It gets none of this process's
   * environment variables, which may contain secrets.
   *
   * @throws PostgresException if it takes longer than the timeout
   */
  int run(List<String> command, Duration timeout, Path output) throws IOException {
    var all = new ArrayList<>(prefix);
    all.addAll(command);
    var builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    builder.environment().put("LC_ALL", "C");
    Process program = builder.start();
    try {
      if (program.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) return program.exitValue();
      program.destroyForcibly();
      throw new PostgresException(command.getFirst() + " took longer than " + timeout);
    } catch (InterruptedException e) {
      program.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new PostgresException(command.getFirst() + " was interrupted", e);
    }
  }
}
