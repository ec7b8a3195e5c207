package io.agentledger.command.claude.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines longer than a pipe's buffer, for a CLI that reads late or never. */
class LineWriterTest {
  private static final String LINE = "x".repeat(200_000);
  private static final Duration READ = Duration.ofMillis(300);

  @TempDir private Path directory;
  private Path fifo;
  private volatile boolean ready;

  @BeforeEach
  void createFifo() throws Exception {
    fifo = directory.resolve("in");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
  }

  private LineWriter writer(Duration start) throws IOException {
    return new LineWriter(fifo, new LineWriter.Timeouts(start, READ), () -> ready);
  }

  @Test
  void cliThatTakesLongToStartGetsItsLine() throws Exception {
    try (var writer = writer(Duration.ofMinutes(1));
        InputStream cli = Files.newInputStream(fifo)) {
      var begunAt = Instant.now();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  writer.write(LINE);
                } catch (IOException failed) {
                  throw new AssertionError(failed);
                }
              });
      await()
          .atMost(30, SECONDS)
          .until(() -> Instant.now().isAfter(begunAt.plus(READ.multipliedBy(3))));
      assertThat(writing).isNotDone();
      ready = true;
      assertThat(cli.readNBytes(LINE.length())).hasSize(LINE.length());
      assertThat(writing).succeedsWithin(Duration.ofSeconds(10));
      assertThat(writer.isBroken()).isFalse();
    }
  }

  @Test
  void cliThatIsReadyAndDoesNotReadBreaksTheWriter() throws Exception {
    ready = true;
    try (var writer = writer(Duration.ofMinutes(1));
        InputStream _ = Files.newInputStream(fifo)) {
      assertThatThrownBy(() -> writer.write(LINE)).hasMessage("the CLI has not read for " + READ);
      assertThat(writer.isBroken()).isTrue();
    }
  }

  @Test
  void cliThatNeverStartsBreaksTheWriter() throws Exception {
    var start = Duration.ofMillis(700);
    try (var writer = writer(start);
        InputStream _ = Files.newInputStream(fifo)) {
      assertThatThrownBy(() -> writer.write(LINE))
          .hasMessage("the CLI has not started within " + start);
    }
  }
}
