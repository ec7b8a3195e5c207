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
 * Packages of npm that tests need, pinned by a lock file. Several JVMs share one {@code target}:
 * the first one installs the packages, the others wait for it.
 */
public final class NpmPackages {
  private NpmPackages() {}

  /**
   * Installs the packages of a directory's {@code package-lock.json}, unless they are installed
   * already.
   */
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
   * Installs packages for resources of the tests, in a directory of {@code target}.
   *
   * @param at path of the resources, like {@code /mcp/}
   * @param files names of the resources, including the lock file
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
