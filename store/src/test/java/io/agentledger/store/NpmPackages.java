package io.agentledger.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Packages of npm that tests need, as a lock file pins them. Modules are tested by several JVMs
 * that share one {@code target}: the first installs them, the others wait, and who comes later
 * finds them whole.
 */
public final class NpmPackages {
  private NpmPackages() {}

  /** Installs what {@code package-lock.json} of that folder names, unless that is done already. */
  public static synchronized void install(Path folder) throws IOException {
    try (var lock = FileChannel.open(Path.of("target", "npm.lock"), CREATE, WRITE)) {
      lock.lock();
      String wanted = Files.readString(folder.resolve("package-lock.json"));
      Path done = folder.resolve("node_modules/.installed");
      if (Files.exists(done) && Files.readString(done).equals(wanted)) return;
      run(
          new ProcessBuilder(
                  "npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error")
              .directory(folder.toFile()));
      Files.writeString(done, wanted);
    }
  }

  /**
   * The same in a folder of {@code target} for resources of the tests.
   *
   * @param at where they are, like {@code /mcp/}
   * @param files the lock file among them
   */
  public static synchronized Path install(String name, Class<?> owner, String at, String... files)
      throws IOException {
    Path folder = Files.createDirectories(Path.of("target", name).toAbsolutePath());
    for (String file : files) {
      Path fresh = Files.createTempFile(folder, file, ".new");
      try (var resource = owner.getResourceAsStream(at + file)) {
        Files.copy(resource, fresh, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }
    install(folder);
    return folder;
  }

  private static void run(ProcessBuilder npm) throws IOException {
    Process process = npm.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.onExit().join().exitValue();
    if (exit != 0) throw new IOException("npm ci ended with " + exit + ": " + text);
  }
}
