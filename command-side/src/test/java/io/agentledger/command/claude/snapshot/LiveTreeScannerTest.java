package io.agentledger.command.claude.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.agentledger.command.support.SwappedPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree is read to its end, whatever an agent adds to it in the meantime. */
class LiveTreeScannerTest {
  private static final int READS = 3000;
  private static final SnapshotSettings LIMITS = new SnapshotSettings(1, 10, Duration.ofMinutes(1));

  @TempDir Path temporary;

  @Test
  void pipeInThePlaceOfAFileHoldsNoReaderUp() throws Exception {
    Path tree = Files.createDirectory(temporary.resolve("tree"));
    Path aside = Files.createDirectory(temporary.resolve("aside"));
    try (var _ = new SwappedPipe(tree.resolve("file"), aside)) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(60),
          () -> {
            for (int i = 0; i < READS; i++) {
              assertThat(LiveTreeScanner.scan(tree, LIMITS).entries()).hasSizeLessThan(2);
            }
          });
    }
  }
}
