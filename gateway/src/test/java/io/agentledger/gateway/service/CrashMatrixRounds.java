package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Executes rounds of the crash matrix from the command line (CONTRIBUTING.md): {@code crash.rounds}
 * in total, continuing an interrupted command, with the result of all lines of the seed in {@code
 * rounds.log}; {@code crash.seed} and {@code crash.first} repeat rounds.
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
    Path log = directory.resolve("rounds.log");
    Long replayed = Long.getLong("crash.seed");
    String[] resumed =
        replayed == null && Files.exists(state) ? Files.readString(state).split("\\s+") : null;
    long seed =
        replayed != null
            ? replayed
            : resumed != null ? Long.parseLong(resumed[0]) : System.nanoTime();
    int begin = Integer.getInteger("crash.first", 0);
    int next = resumed != null ? Integer.parseInt(resumed[1]) : begin;
    int end = begin + Integer.getInteger("crash.rounds", 100);
    int linesBefore = replayed == null || Files.notExists(log) ? 0 : Files.readAllLines(log).size();
    if (next < end) {
      try (var matrix = new CrashMatrix(directory, faketime())) {
        for (; next < end; next++) {
          matrix.play(seed, next);
          if (replayed == null) Files.writeString(state, seed + " " + (next + 1) + "\n");
        }
      }
    }
    var rounds =
        Files.readAllLines(log).stream()
            .skip(linesBefore)
            .filter(line -> line.startsWith("seed=" + seed + " "))
            .toList();
    assertThat(rounds).hasSizeGreaterThanOrEqualTo(end - begin);
    assertThat(rounds).allMatch(line -> line.endsWith(" verdict=ok"));
  }

  private static Optional<Path> faketime() throws IOException {
    Path library = Path.of(System.getProperty("crash.faketime", FAKETIME));
    if (Files.exists(library)) return Optional.of(library);
    System.err.println("no jumps of the clock: " + library + " is missing (package libfaketime)");
    return Optional.empty();
  }
}
