package io.agentledger.command.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.support.CancellableOperation;
import io.agentledger.command.support.FairExecutor;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceArchiveTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir private Path workspace;

  @Test
  void clientThatDoesNotReadOccupiesNoSlot() throws Exception {
    Files.writeString(workspace.resolve("file"), "content");
    var executor = new FairExecutor(1, 1).forKey("tenant");
    var archive = new WorkspaceArchive(new TarGzPacker(workspace, 1000), executor);
    var reading = new CompletableFuture<Void>();
    var waiting = new CompletableFuture<Void>();
    var bytes = new AtomicLong();
    var out =
        new OutputStream() {
          @Override
          public void write(int octet) {
            waiting.complete(null);
            reading.join();
            bytes.incrementAndGet();
          }
        };
    var packing =
        CancellableOperation.submit(
            () -> {
              archive.writeTo(out);
              return archive;
            },
            executor);
    assertThat(waiting).succeedsWithin(TIMEOUT);
    var other = CancellableOperation.submit(() -> "other", executor);
    assertThat(other).succeedsWithin(TIMEOUT);
    assertThat(packing).isNotDone();
    reading.complete(null);
    assertThat(packing).succeedsWithin(TIMEOUT);
    assertThat(bytes).hasPositiveValue();
  }
}
