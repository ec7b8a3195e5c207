package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The rounds of the crash matrix by command (docs/operations.md): {@code crash.rounds} in all, from
 * where the last command was interrupted; {@code crash.seed} and {@code crash.first} play them
 * again.
 */
class CrashMatrixRounds {
  private static final String FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

  @Test
  @Timeout(value = 8, unit = TimeUnit.HOURS)
  void everyRoundHoldsBeforeTheOracle() throws Exception {
    Path directory =
        Path.of(System.getProperty("crash.directory", "target/crash-matrix")).toAbsolutePath();
    Files.createDirectories(directory);
    Path state = directory.resolve("next-round");
    String[] resumed = Files.exists(state) ? Files.readString(state).split("\\s+") : null;
    long seed =
        Long.getLong(
            "crash.seed", resumed == null ? System.nanoTime() : Long.parseLong(resumed[0]));
    int next = Integer.getInteger("crash.first", resumed == null ? 0 : number(resumed[1]));
    var violations = new ArrayList<String>();
    try (var matrix = new CrashMatrix(directory, faketime())) {
      for (int last = next + Integer.getInteger("crash.rounds", 100 - next); next < last; next++) {
        violations.addAll(matrix.play(seed, next));
        Files.writeString(state, seed + " " + (next + 1) + "\n");
      }
    }
    assertThat(violations).isEmpty();
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  private static Optional<Path> faketime() throws IOException {
    Path library = Path.of(System.getProperty("crash.faketime", FAKETIME));
    if (Files.exists(library)) return Optional.of(library);
    System.err.println("no jumps of the clock: " + library + " is missing (package libfaketime)");
    return Optional.empty();
  }
}
