package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Name that is a file and a pipe alternately, and always one of them. */
public final class SwappedPipe implements AutoCloseable {
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Path pipe;
  private final Thread swapper;

  /**
   * @param directory empty directory on the same file system
   */
  public SwappedPipe(Path name, Path directory) throws Exception {
    pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path file = Files.writeString(directory.resolve("file"), "content");
    Files.createLink(name, file);
    swapper = Thread.ofPlatform().start(() -> swap(name, List.of(pipe, file)));
  }

  private void swap(Path name, List<Path> inTurns) {
    Path next = pipe.resolveSibling("next");
    try {
      while (!stopped.get()) {
        for (Path target : inTurns) {
          Files.createLink(next, target);
          Files.move(next, name, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Releases a reader that waits for a writer. */
  @Override
  public void close() throws Exception {
    stopped.set(true);
    swapper.join();
    new ProcessBuilder("timeout", "1", "sh", "-c", ": <>" + pipe + "; sleep 0.5").start().waitFor();
  }
}
