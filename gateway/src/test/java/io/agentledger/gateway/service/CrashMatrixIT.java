package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executes rounds of the crash matrix for a limited time ({@code crash.seconds}), with a new seed
 * each time, which a failure reports.
 */
@Tag("exhaustive")
class CrashMatrixIT {
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("crash.seconds", 20));

  @TempDir Path directory;

  @Test
  void nothingIsLostAndNothingIsDoneTwice() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    var violations = new ArrayList<String>();
    try (var matrix = new CrashMatrix(directory, Optional.empty())) {
      long end = System.nanoTime() + TIME.toNanos();
      for (int number = 0; number == 0 || System.nanoTime() < end; number++)
        violations.addAll(matrix.play(seed, number));
    }
    assertThat(violations).isEmpty();
  }
}
