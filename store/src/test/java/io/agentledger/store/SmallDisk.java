package io.agentledger.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A file system of limited size at a directory, which tests can fill. Needs root; otherwise tests
 * are skipped.
 */
public final class SmallDisk implements AutoCloseable {
  private static final int BLOCK_BYTES = 4096;

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** Mounts it over an existing directory, which other users can traverse. */
  public static SmallDisk mount(Path directory, int kib) throws IOException {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "mode=711,size=" + kib + "k", "none", directory) == 0,
        "a disk that can be full needs root and mount(8)");
    return new SmallDisk(directory);
  }

  /** Fills the file system except for these KiB. */
  public void fill(int kibLeft) throws IOException {
    free();
    Path filler = directory.resolve(".filler");
    try (var out = Files.newOutputStream(filler)) {
      byte[] block = new byte[BLOCK_BYTES];
      long blocks = Files.getFileStore(directory).getUsableSpace() / BLOCK_BYTES;
      for (long written = kibLeft * 1024L / BLOCK_BYTES; written < blocks; written++) {
        out.write(block);
      }
    }
  }

  /** Frees the space again. */
  public void free() throws IOException {
    Files.deleteIfExists(directory.resolve(".filler"));
  }

  @Override
  public void close() throws IOException {
    run("umount", "-l", directory);
  }

  private static int run(Object... command) throws IOException {
    String[] line = new String[command.length];
    for (int at = 0; at < line.length; at++) {
      line[at] = command[at].toString();
    }
    Process process = new ProcessBuilder(line).inheritIO().start();
    try {
      return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
