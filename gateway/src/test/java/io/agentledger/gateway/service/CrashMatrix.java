package io.agentledger.gateway.service;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Service with the real CLI and a {@linkplain StandInModelApi fake model API}, on which {@linkplain
 * CrashRound rounds} are executed. A log has one line for each round with its seed and the result
 * of the oracle.
 */
final class CrashMatrix implements AutoCloseable {
  /** Marker in a command that requires a user's decision. */
  static final String ASKED = "needs-approval";

  /**
   * Short orphan timeout: after the kill of {@code supervise} alone, its watcher checks after a
   * tenth of it.
   */
  private static final String ORPHAN_TIMEOUT = "--agentledger.claude.orphan-timeout=100s";

  private final Path directory;
  private final CrashTargets targets;
  private final ModelApiLog modelApi;
  private final CrashOracle oracle;
  private final Optional<Path> clock;
  private final ServiceProcess service;

  /**
   * Creates the matrix.
   *
   * @param directory contains the home of the service and the logs; may be that of an earlier
   *     matrix
   * @param faketime library that changes the clock of the service
   */
  CrashMatrix(Path directory, Optional<Path> faketime) throws Exception {
    this.directory = Files.createDirectories(directory);
    Path home = directory.resolve("home");
    this.targets = new CrashTargets(home);
    this.modelApi = new ModelApiLog(directory.resolve("model-api.log"));
    this.oracle = new CrashOracle(home, targets, modelApi);
    this.clock = faketime.map(library -> directory.resolve("clock"));
    if (clock.isPresent()) Files.writeString(clock.get(), "+0s\n");
    endServiceOf(home);
    this.service =
        ServiceProcess.start(
            home,
            faketime.map(this::clockVariables).orElse(Map.of()),
            Stream.concat(modelApi.settings().stream(), Stream.of(ORPHAN_TIMEOUT))
                .toArray(String[]::new));
    createPolicy();
  }

  private Map<String, String> clockVariables(Path library) {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME_TIMESTAMP_FILE",
        directory.resolve("clock").toString(),
        "FAKETIME_CACHE_DURATION", // In seconds; without a cache each call reads the file.
        "1",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        "FAKETIME_FORCE_MONOTONIC_FIX", // With the fix, timed waits of the JVM return at once.
        "0");
  }

  /** Ends a service that an interrupted command left running. */
  private static void endServiceOf(Path home) throws IOException {
    Path file = home.resolve("service.json");
    if (Files.notExists(file)) return;
    long pid = new JsonMapper().readTree(Files.readString(file)).path("pid").asLong();
    Optional<ProcessHandle> left =
        ProcessHandle.of(pid)
            .filter(process -> environment(process).contains("AGENTLEDGER_HOME=" + home));
    left.ifPresent(ProcessHandle::destroyForcibly);
    left.ifPresent(process -> process.onExit().join());
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"));
    } catch (IOException ended) {
      return "";
    }
  }

  private void createPolicy() throws Exception {
    var client = service.client();
    if (!client.get("/api/v1/policies").path("items").isEmpty()) return;
    var rule =
        Map.of(
            "name", ASKED, "effect", "ask", "tools", List.of("Bash"), "commands", List.of(ASKED));
    client.post("/api/v1/policies", Map.of("name", "crash-matrix", "rules", List.of(rule)));
  }

  ServiceProcess service() {
    return service;
  }

  CrashTargets targets() {
    return targets;
  }

  ModelApiLog modelApi() {
    return modelApi;
  }

  CrashOracle oracle() {
    return oracle;
  }

  /** Returns the file that sets the clock of the service; empty if the clock cannot be changed. */
  Optional<Path> clock() {
    return clock;
  }

  /**
   * Executes one round and returns the violations.
   *
   * @param seed of all rounds
   */
  List<String> play(long seed, int number) throws IOException {
    var round =
        new CrashRound(this, new SplittableRandom(31 * seed + number * 1_000_003L).nextLong());
    long start = System.nanoTime();
    var found = new ArrayList<String>();
    try {
      found.addAll(round.play());
    } catch (Exception | AssertionError fault) {
      var trace = new StringWriter();
      fault.printStackTrace(new PrintWriter(trace));
      found.add("the round broke off: " + trace.toString().lines().limit(12).toList());
    }
    var took = Duration.ofNanos(System.nanoTime() - start);
    String verdict = found.isEmpty() ? "ok" : "VIOLATED " + String.join("; ", found);
    String line =
        "seed=%d round=%d %s seconds=%d verdict=%s%n"
            .formatted(seed, number, round, took.toSeconds(), verdict);
    Files.writeString(
        directory.resolve("rounds.log"),
        line,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return found.isEmpty() ? List.of() : List.of(line);
  }

  @Override
  public void close() throws InterruptedException {
    try {
      service.close();
    } finally {
      modelApi.close();
    }
  }
}
