package io.agentledger.command.claude.process;

import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One CLI process that outlives this JVM. It reads a FIFO and writes an append-only journal; its
 * parent is a supervisor script, whose pid is the id of its process session and group. Only one
 * object at a time may hold a process.
 */
public final class ClaudeProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClaudeProcess.class);

  /**
   * Parameters of a process to start.
   *
   * @param directory new directory for this process only
   * @param superviseScript the script {@code supervise}
   * @param command the whole command line, sandbox included
   * @param environment complete; nothing is inherited
   * @param orphanTimeout how long the process group may live without a heartbeat; whole seconds
   */
  public record Launch(
      Path directory,
      Path superviseScript,
      Path workingDirectory,
      List<String> command,
      Map<String, String> environment,
      Duration orphanTimeout) {}

  /** Name of the file in a process's directory that requests its supervisor to hold a socket. */
  public static final String LISTEN_REQUEST = "listen";

  /** Time from the last output to the last write of the transcript, with a margin. */
  private static final Duration TRANSCRIPT_DELAY = Duration.ofSeconds(1);

  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

  private static final LineWriter.Timeouts WRITE_TIMEOUTS =
      new LineWriter.Timeouts(Duration.ofMinutes(2), Duration.ofSeconds(20));

  /** Maximum time from the end of input to the exit status, and from KILL to the end. */
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(1);

  private static final int STDERR_TAIL_BYTES = 16 * 1024;

  static final String OUT = "out";
  static final String EXIT = "exit";

  /** File whose modification time is the last heartbeat; the supervisor checks it. */
  private static final String BEAT = "beat";

  /** File whose modification time is that of the session's last lease renewal. */
  private static final String LEASED = "leased";

  private final Path directory;
  private final ProcessIdentity keeper;
  private final Optional<LineWriter> writer;
  private final boolean started;

  private ClaudeProcess(Path directory, boolean writable, boolean started) throws IOException {
    this.directory = directory;
    this.started = started;
    this.keeper = ProcessIdentity.parse(Files.readString(directory.resolve("keeper")));
    this.writer =
        writable
            ? Optional.of(new LineWriter(directory.resolve("in"), WRITE_TIMEOUTS, this::isReady))
            : Optional.empty();
  }

  /**
   * Starts the process and returns as soon as it reads input.
   *
   * @throws IOException if the supervisor ends before that; the message contains its output
   */
  public static ClaudeProcess start(Launch launch) throws IOException {
    Path directory = launch.directory();
    SessionPaths.createDirectory(directory, "rwx------");
    for (String name : List.of(OUT, "err", BEAT, LEASED, "keeper.log")) {
      // 600: /proc/<cli>/fd skips the directory's mode, not the file's.
      Files.createFile(
          directory.resolve(name),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    List<String> line = new ArrayList<>();
    // Signals that this process ignores are inherited as ignored, and no script can trap them.
    line.addAll(List.of("setsid", "env", "--default-signal=HUP,INT,QUIT,TERM"));
    line.addAll(List.of(launch.superviseScript().toString(), directory.toString()));
    line.add(Long.toString(Math.max(1, launch.orphanTimeout().toSeconds())));
    line.addAll(launch.command());
    ProcessBuilder builder = new ProcessBuilder(line).directory(launch.workingDirectory().toFile());
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    builder.redirectInput(new File("/dev/null")).redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(directory.resolve("keeper.log").toFile()));
    // A child of the JDK leads no group, so setsid(1) does not fork: this child is the supervisor.
    awaitReady(builder.start(), directory);
    return new ClaudeProcess(directory, true, true);
  }

  private static void awaitReady(Process starting, Path directory) throws IOException {
    Instant deadline = Instant.now().plus(START_TIMEOUT);
    while (!Files.exists(directory.resolve("pid"))) {
      if (!starting.isAlive() || Instant.now().isAfter(deadline)) {
        starting.destroyForcibly();
        throw new IOException("no CLI: " + Files.readString(directory.resolve("keeper.log")));
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        starting.destroyForcibly();
        throw new IOException("interrupted while starting the CLI", interrupted);
      }
    }
  }

  /**
   * Attaches to a running process of a previous JVM. It first writes a blank line, which the CLI
   * ignores; after a half-written line, the blank line makes the CLI exit at once instead of
   * waiting for ever. The session's lease must have been acquired just before.
   *
   * @throws IOException if the process has ended
   */
  public static ClaudeProcess attach(Path directory) throws IOException {
    if (Files.exists(directory.resolve(EXIT))) {
      throw new IOException("the process of " + directory + " has ended");
    }
    ClaudeProcess process = new ClaudeProcess(directory, true, false);
    if (!process.isAlive()) {
      process.close();
      throw new IOException("the process of " + directory + " has ended");
    }
    process.heartbeat();
    process.send(ClaudeInput.blank());
    return process;
  }

  /** Opens the files of a process that may have ended, for reading only. */
  public static ClaudeProcess openReadOnly(Path directory) throws IOException {
    return new ClaudeProcess(directory, false, false);
  }

  /**
   * Returns whether the CLI reads its input, or has ended. Its first output is the response to its
   * first line of input.
   */
  private boolean isReady() {
    return hasOutput() || !isAlive();
  }

  /** Returns whether it was started by this object, or has written nothing. */
  public boolean isNew() {
    return started || !hasOutput();
  }

  /** Returns whether the CLI has written anything since it was started. */
  public boolean hasOutput() {
    return journal().toFile().length() > 0;
  }

  /** Returns the directory of this process's files, which the agent cannot reach. */
  public Path directory() {
    return directory;
  }

  /** Returns the file to which the CLI writes its output. */
  public Path journal() {
    return directory.resolve(OUT);
  }

  /**
   * Writes a line and returns when it is in the CLI's pipe; lines keep their order. A line for a
   * CLI that has ended is dropped: the reader of its journal reports the end, after all output.
   *
   * @throws IOException if a running CLI does not read the line
   */
  public void send(ClaudeInput input) throws IOException {
    try {
      writer.orElseThrow(() -> new IOException("the process has ended")).write(input.line());
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException failed) {
      awaitEnd(EXIT_TIMEOUT);
      if (isAlive()) throw failed;
      log.atDebug().addKeyValue("directory", directory).log("a line for an ended CLI is dropped");
    }
  }

  /** Sends a heartbeat to the supervisor, after the lease was renewed. */
  public void heartbeat() throws IOException {
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(directory.resolve(LEASED), now);
    Files.setLastModifiedTime(directory.resolve(BEAT), now);
  }

  /**
   * Sends a heartbeat to a process that no supervisor in this JVM handles yet. The lease is not
   * renewed, so nothing is sent once the lease is too old.
   *
   * @param leaseAgeMax the highest age of the lease at which a process without further heartbeats
   *     still ends before the lease does
   */
  public static void keepAlive(Path directory, Duration leaseAgeMax) throws IOException {
    Instant now = Instant.now();
    Instant leased = Files.getLastModifiedTime(directory.resolve(LEASED)).toInstant();
    if (now.isBefore(leased.plus(leaseAgeMax))) {
      Files.setLastModifiedTime(directory.resolve(BEAT), FileTime.from(now));
    }
  }

  /**
   * Returns the identity of the supervisor script, which is that of the process session and group.
   */
  public ProcessIdentity identity() {
    return keeper;
  }

  /**
   * Returns whether the process runs: false as soon as its exit status is known, or the supervisor
   * script has ended without one.
   */
  public boolean isAlive() {
    return !hasExitStatus() && keeper.isAlive();
  }

  boolean hasExitStatus() {
    return Files.exists(directory.resolve(EXIT));
  }

  /**
   * Returns the CLI's exit status; empty until it has ended, and if the supervisor script was
   * killed before.
   */
  public OptionalInt exitStatus() throws IOException {
    Path file = directory.resolve(EXIT);
    return Files.exists(file)
        ? OptionalInt.of(Integer.parseInt(Files.readString(file).strip()))
        : OptionalInt.empty();
  }

  /** Returns the exit status of the CLI and the end of its standard error, as text. */
  public String exitMessage() throws IOException {
    OptionalInt status = exitStatus();
    String exitText =
        status.isPresent() ? "with status " + status.getAsInt() : "without an exit status";
    return "the CLI ended " + exitText + ": " + stderrTail();
  }

  /** Returns the end of the CLI's standard error, at most 16 KiB. */
  public String stderrTail() throws IOException {
    return tail(directory.resolve("err"));
  }

  private static String tail(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      channel.position(Math.max(0, channel.size() - STDERR_TAIL_BYTES));
      var bytes = ByteBuffer.allocate(STDERR_TAIL_BYTES);
      while (channel.read(bytes) > 0) {
        // until the end or the buffer's
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Ends an idle process so that its conversation can be resumed: the CLI gets an end of input and
   * finishes writing. After that it cannot call hooks any more, and treats a hook that it cannot
   * call as passed. A process that may still report a task to its model therefore gets TERM
   * instead, once its transcript is written: the CLI writes it after the result.
   *
   * @param mayReport whether it has begun a task
   */
  public void shutdownGracefully(Duration grace, boolean mayReport) throws IOException {
    close(); // this object holds a write end too
    if (mayReport) {
      awaitTranscript(grace);
    } else if (keeper.isAlive()) {
      signal("HUP", keeper.pid());
      awaitEnd(grace);
    }
    terminate(Duration.ofSeconds(1));
  }

  /**
   * Ends the process with all its descendants: first by a request, then by KILL. Without a sandbox
   * the CLI's shell commands run in their own process sessions, which survive a kill of the group,
   * so their pids are collected before and killed one by one.
   *
   * @param grace how long the CLI may take to exit by itself
   */
  public void terminate(Duration grace) throws IOException {
    List<ProcessHandle> descendants = descendants();
    if (keeper.isAlive()) {
      signal("TERM", -keeper.pid());
    }
    awaitEnd(grace);
    kill(descendants);
    awaitEnd(EXIT_TIMEOUT);
    close();
  }

  /**
   * Kills the process with all its descendants at once. Its output can still be read, and its
   * readers notice the end. Thread-safe and idempotent.
   */
  public void kill() throws IOException {
    kill(descendants());
  }

  private void kill(List<ProcessHandle> descendants) throws IOException {
    if (keeper.isAlive()) {
      signal("KILL", -keeper.pid());
    }
    descendants.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Returns all descendants of the supervisor script; if only the script has ended, the members of
   * its group and their descendants.
   */
  private List<ProcessHandle> descendants() {
    return keeper.isAlive()
        ? ProcessHandle.of(keeper.pid()).stream().flatMap(ProcessHandle::descendants).toList()
        : keeper.groupMembers().stream()
            .flatMap(member -> Stream.concat(Stream.of(member), member.descendants()))
            .toList();
  }

  /** Waits until the CLI has been silent for the delay of its transcript. */
  private void awaitTranscript(Duration grace) throws IOException {
    Instant written = Files.getLastModifiedTime(journal()).toInstant().plus(TRANSCRIPT_DELAY);
    Duration wait = Duration.between(Instant.now(), written);
    awaitEnd(wait.compareTo(grace) < 0 ? wait : grace);
  }

  private void awaitEnd(Duration grace) throws IOException {
    Instant deadline = Instant.now().plus(grace);
    while (keeper.isAlive() && Instant.now().isBefore(deadline)) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return; // interrupted: the caller does not wait
      }
    }
  }

  /**
   * Sends a signal; a negative pid is a group. The JDK can only send TERM and KILL to single
   * processes.
   */
  private void signal(String name, long pid) throws IOException {
    Process kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (kill.onExit().join().exitValue() != 0 && keeper.isAlive()) {
      throw new IOException("cannot send " + name + " to " + pid);
    }
  }

  /** Deletes the files of a process that has ended. */
  public void deleteFiles() throws IOException {
    Files.deleteIfExists(directory.resolve("keeper"));
    TreeDeleter.deleteTree(directory);
  }

  /** Detaches; the process keeps running and can be attached to again. */
  @Override
  public void close() throws IOException {
    if (writer.isPresent()) {
      writer.get().close();
    }
  }
}
