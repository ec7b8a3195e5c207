package io.agentledger.store.postgres;

import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Server process of one data directory: at most one, started and stopped within time limits. */
final class PostgresServer {
  private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
  private static final int ATTEMPTS_MAX = 5;
  private static final long LOG_BYTES_MAX = 8 * 1024 * 1024;
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration RESTART_DELAY = Duration.ofSeconds(2);

  private final Path data;
  private final PostgresPrograms programs;
  private final PostgresBinaries binaries;
  private final PostgresSettings settings;
  private volatile int port;
  private volatile long pid;
  private boolean closing;

  PostgresServer(
      Path data, PostgresPrograms programs, PostgresBinaries binaries, PostgresSettings settings) {
    this.data = data;
    this.programs = programs;
    this.binaries = binaries;
    this.settings = settings;
  }

  Path data() {
    return data;
  }

  int port() {
    return port;
  }

  long pid() {
    return pid;
  }

  private Path log() {
    return data.resolveSibling("server.log");
  }

  /**
   * Adopts a server that a crash of the service left running, if it accepts connections on its
   * port; otherwise stops it. Returns false if there is none.
   */
  boolean adoptOrStop(IntPredicate isAnswering) throws IOException {
    Instant end = Instant.now().plus(settings.startTimeout());
    while (!PostmasterPid.processesOn(data).isEmpty() && Instant.now().isBefore(end)) {
      Optional<PostmasterPid> existing = PostmasterPid.read(data);
      if (existing.isPresent() && existing.get().ready()) {
        if (isAnswering.test(existing.get().port())) {
          trackProcess(existing.get());
          return true;
        }
        break; // The server should accept connections and does not.
      }
      sleep();
    }
    stop();
    return false;
  }

  /** Starts a server on its previous port, or on another free one. */
  synchronized void start() throws IOException {
    DataDirectory.configure(data);
    rotateLog();
    for (int tries = 1; ; tries++) {
      int requestedPort = tries == 1 ? lastPort().orElseGet(PostgresServer::freePort) : freePort();
      if (startOn(requestedPort)) break;
      if (tries == ATTEMPTS_MAX)
        throw new PostgresException(
            "the embedded PostgreSQL does not start; " + ServerLogTail.read(log()));
      sleep();
    }
    PostmasterPid started =
        PostmasterPid.read(data)
            .orElseThrow(() -> new PostgresException("the embedded PostgreSQL ended at once"));
    trackProcess(started);
    DurableFiles.write(portFile(), (started.port() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private boolean startOn(int requestedPort) throws IOException {
    long seconds = settings.startTimeout().toSeconds();
    List<String> command =
        List.of(
            binaries.pgCtl(),
            "start",
            "--pgdata=" + data,
            "--wait",
            "--timeout=" + seconds,
            "--log=" + log(),
            "--silent",
            "-o",
            "-p " + requestedPort);
    return programs.run(command, settings.startTimeout().plus(GRACE), controlLog()) == 0;
  }

  private Path controlLog() {
    return data.resolveSibling("control.log");
  }

  private void trackProcess(PostmasterPid running) {
    port = running.port();
    pid = running.pid();
    closing = false;
    ProcessHandle.of(pid).ifPresent(p -> p.onExit().thenRun(() -> restart(running.pid())));
  }

  /**
   * Restarts the server if it has ended without our request, on the same port, and repeats that
   * until it runs: it may be killed again during recovery, or find the disk full.
   */
  private void restart(long ended) {
    if (!tryRestart(ended))
      CompletableFuture.delayedExecutor(
              RESTART_DELAY.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread)
          .execute(() -> restart(ended));
  }

  /** Starts the server once more; false if another attempt is needed. */
  private synchronized boolean tryRestart(long ended) {
    if (closing || ended != pid) return true;
    log.atError().addKeyValue("pid", ended).log("the embedded PostgreSQL ended; restarting it");
    try {
      killRemaining();
      Files.deleteIfExists(PostmasterPid.fileIn(data));
      if (!startOn(port))
        throw new PostgresException("it does not start; " + ServerLogTail.read(log()));
      trackProcess(
          PostmasterPid.read(data).orElseThrow(() -> new PostgresException("it ended at once")));
      log.atInfo().addKeyValue("pid", pid).log("the embedded PostgreSQL runs again");
      return true;
    } catch (IOException | PostgresException e) {
      log.atError().setCause(e).log("the embedded PostgreSQL is down; retrying its start");
      return false;
    }
  }

  /**
   * Stops the server in order, or otherwise immediately; then the next start recovers. Idempotent.
   */
  synchronized void stop() {
    closing = true;
    try {
      resumeFrozen();
      if (isRunning() && !tryStop("fast") && !tryStop("immediate")) kill();
      killRemaining();
      Files.deleteIfExists(PostmasterPid.fileIn(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resumes processes that were stopped by a signal: they react to no request to end. */
  private void resumeFrozen() throws IOException {
    List<String> pids =
        PostmasterPid.processesOn(data).stream().map(p -> String.valueOf(p.pid())).toList();
    if (pids.isEmpty()) return;
    String command = "kill -CONT " + String.join(" ", pids);
    programs.run(List.of("/bin/sh", "-c", command), GRACE, controlLog());
  }

  /** Stops watching the server. */
  synchronized void detach() {
    closing = true;
  }

  private boolean isRunning() throws IOException {
    Optional<PostmasterPid> running = PostmasterPid.read(data);
    return running.isPresent() && running.get().isRunningOn(data);
  }

  private boolean tryStop(String mode) throws IOException {
    List<String> command =
        List.of(
            binaries.pgCtl(),
            "stop",
            "--pgdata=" + data,
            "--mode=" + mode,
            "--wait",
            "--silent",
            "--timeout=" + settings.stopTimeout().toSeconds());
    programs.run(command, settings.stopTimeout().plus(GRACE), controlLog());
    return !isRunning();
  }

  /** Kills the server if it ends neither on request nor on signals; the next start recovers. */
  private void kill() throws IOException {
    log.atWarn().addKeyValue("data", data).log("the server does not stop; killing it");
    PostmasterPid.read(data)
        .filter(running -> running.isRunningOn(data))
        .flatMap(running -> ProcessHandle.of(running.pid()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  /**
   * Ends remaining helper processes. They end when their server is gone, and a new server must not
   * start before.
   */
  private void killRemaining() {
    if (awaitExit(GRACE)) return;
    PostmasterPid.processesOn(data).forEach(ProcessHandle::destroyForcibly);
    if (!awaitExit(GRACE))
      throw new PostgresException(
          "the server on " + data + " cannot be ended; " + ServerLogTail.read(log()));
  }

  private boolean awaitExit(Duration timeout) {
    Instant end = Instant.now().plus(timeout);
    while (!PostmasterPid.processesOn(data).isEmpty()) {
      if (Instant.now().isAfter(end)) return false;
      sleep();
    }
    return true;
  }

  private void rotateLog() throws IOException {
    Files.deleteIfExists(controlLog());
    if (Files.exists(log()) && Files.size(log()) > LOG_BYTES_MAX)
      Files.move(log(), data.resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path portFile() {
    return data.resolveSibling("port");
  }

  private Optional<Integer> lastPort() throws IOException {
    if (Files.notExists(portFile())) return Optional.empty();
    try {
      int last = Integer.parseInt(Files.readString(portFile()).strip());
      return isFree(last) ? Optional.of(last) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(Duration.ofMillis(50));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while PostgreSQL starts", e);
    }
  }
}
