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

/**
 * One CLI process that outlives this JVM: a FIFO in, an append-only journal out, and a keeper as
 * its parent, whose pid is the id of its process session and group. Start or attach, send, end; one
 * object at a time may hold a process.
 */
public final class ClaudeProcess implements AutoCloseable {
  /**
   * Parameters of a process to start.
   *
   * @param directory the process's own, fresh one
   * @param superviseScript the keeper script
   * @param command the whole chain, sandbox included
   * @param environment complete; nothing is inherited
   * @param orphanTimeout how long the group may live untouched; whole seconds
   */
  public record Launch(
      Path directory,
      Path superviseScript,
      Path workingDirectory,
      List<String> command,
      Map<String, String> environment,
      Duration orphanTimeout) {}

  /** Name of the file in a process's directory by which its keeper is told to hold a socket. */
  public static final String LISTEN_REQUEST = "listen";

  private static final Duration TRANSCRIPT_DELAY = Duration.ofSeconds(1);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

  private static final LineWriter.Timeouts WRITE_TIMEOUTS =
      new LineWriter.Timeouts(Duration.ofMinutes(2), Duration.ofSeconds(20));

  /** From its end of input to its exit status. */
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(1);

  private static final int STDERR_TAIL_BYTES = 16 * 1024;

  /** Touched by whoever still wants the process; its keeper looks at it. */
  private static final String BEAT = "beat";

  /** As old as the session's lease. */
  private static final String LEASED = "leased";

  private final Path directory;
  private final ProcessIdentity keeper;
  private final Optional<LineWriter> writer;

  private ClaudeProcess(Path directory, boolean writable) throws IOException {
    this.directory = directory;
    this.keeper = ProcessIdentity.parse(Files.readString(directory.resolve("keeper")));
    this.writer =
        writable
            ? Optional.of(new LineWriter(directory.resolve("in"), WRITE_TIMEOUTS, this::isReady))
            : Optional.empty();
  }

  /**
   * Starts the chain and returns as soon as it takes input.
   *
   * @throws IOException if the keeper ends before that; the message holds what it said
   */
  public static ClaudeProcess start(Launch launch) throws IOException {
    Path directory = launch.directory();
    SessionPaths.createDirectory(directory, "rwx------");
    for (String name : List.of("out", "err", BEAT, LEASED, "keeper.log")) {
      // 600: /proc/<cli>/fd skips the directory's mode, not the file's.
      Files.createFile(
          directory.resolve(name),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    List<String> line = new ArrayList<>();
    // Signals that a shell had us ignore are inherited as ignored, and no script can trap them.
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
    // A child of the JDK leads no group, so setsid(1) does not fork: this child is the keeper.
    awaitReady(builder.start(), directory);
    return new ClaudeProcess(directory, true);
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
   * Takes over a living process of an earlier JVM. A blank line goes first: harmless if all is
   * well; after a half-written line it makes the CLI exit at once, where it would wait for ever.
   * The session's lease must have been taken just now.
   *
   * @throws IOException if the process is gone
   */
  public static ClaudeProcess attach(Path directory) throws IOException {
    if (Files.exists(directory.resolve("exit"))) {
      throw new IOException("the process of " + directory + " has ended");
    }
    ClaudeProcess process = new ClaudeProcess(directory, true);
    if (!process.isAlive()) {
      process.close();
      throw new IOException("the process of " + directory + " is gone");
    }
    process.heartbeat();
    process.send(ClaudeInput.blank());
    return process;
  }

  /** What a process left behind: it can be read and not be written to. */
  public static ClaudeProcess openReadOnly(Path directory) throws IOException {
    return new ClaudeProcess(directory, false);
  }

  /** Its first output answers its first line of input; of one that has ended none is awaited. */
  private boolean isReady() {
    return journal().toFile().length() > 0 || !isAlive();
  }

  /** Where this process's files lie: of the service, out of the agent's reach. */
  public Path directory() {
    return directory;
  }

  Path journal() {
    return directory.resolve("out");
  }

  /**
   * Returns when the CLI's pipe has taken the line; lines keep their order.
   *
   * @throws IOException if it takes none; of a CLI that has just ended it says how
   */
  public void send(ClaudeInput input) throws IOException {
    LineWriter lines = writer.orElseThrow(() -> new IOException("the process is gone"));
    try {
      lines.write(input.line());
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException failed) {
      awaitEnd(EXIT_TIMEOUT);
      throw exitStatus().isPresent() ? new IOException(exitMessage(), failed) : failed;
    }
  }

  /** Tells the keeper that somebody still wants this process, and has just renewed its lease. */
  public void heartbeat() throws IOException {
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(directory.resolve(LEASED), now);
    Files.setLastModifiedTime(directory.resolve(BEAT), now);
  }

  /**
   * Keeps a process alive that nobody attends yet. Its lease is not renewed by that: so it does
   * nothing once the lease is older than it may be.
   *
   * @param leaseAgeMax up to which the process ends before its lease if it gets no other heartbeat
   */
  public static void keepAlive(Path directory, Duration leaseAgeMax) throws IOException {
    Instant now = Instant.now();
    Instant leased = Files.getLastModifiedTime(directory.resolve(LEASED)).toInstant();
    if (now.isBefore(leased.plus(leaseAgeMax))) {
      Files.setLastModifiedTime(directory.resolve(BEAT), FileTime.from(now));
    }
  }

  /** The keeper's identity, which is that of the process session and group. */
  public ProcessIdentity identity() {
    return keeper;
  }

  /** False as soon as the exit status is there, or the keeper is gone without one. */
  public boolean isAlive() {
    return !Files.exists(directory.resolve("exit")) && keeper.isAlive();
  }

  /** The CLI's exit status, once it has ended under its keeper. */
  public OptionalInt exitStatus() throws IOException {
    Path file = directory.resolve("exit");
    return Files.exists(file)
        ? OptionalInt.of(Integer.parseInt(Files.readString(file).strip()))
        : OptionalInt.empty();
  }

  /** How the CLI has ended, and what it said at last. */
  public String exitMessage() throws IOException {
    OptionalInt status = exitStatus();
    String exitText = status.isPresent() ? "with status " + status.getAsInt() : "without a trace";
    return "the CLI ended " + exitText + ": " + stderrTail();
  }

  /** The end of what the CLI wrote to its standard error, at most 16 KiB. */
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
   * finishes writing. (It writes its transcript after the result: a TERM too early loses it.) After
   * the end of input the CLI can ask nothing any more, and takes its own failure to ask for
   * consent, so a process that may still report a task to its model gets a TERM at once.
   *
   * @param mayReport whether it has begun a task
   */
  public void shutdownGracefully(Duration grace, boolean mayReport) throws IOException {
    close(); // ours is a write end too
    if (mayReport) {
      awaitTranscript(grace);
    } else if (keeper.isAlive()) {
      signal("HUP", keeper.pid());
      awaitEnd(grace);
    }
    terminate(Duration.ofSeconds(1));
  }

  /**
   * Ends everything of this process: asks first, then kills. Without a box the CLI's shell commands
   * run in process sessions of their own, which a kill of the group leaves alive; so they are
   * remembered before and killed one by one.
   *
   * @param grace how long the CLI may take to end by itself
   */
  public void terminate(Duration grace) throws IOException {
    List<ProcessHandle> descendants = descendants();
    if (keeper.isAlive()) {
      signal("TERM", -keeper.pid());
    }
    awaitEnd(grace);
    kill(descendants);
    close();
  }

  /**
   * Kills everything of this process at once. What it has written can still be read; who attends it
   * sees that it is gone. Any thread may do it, and twice is safe.
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

  /** All below the keeper; if that has gone alone, its group and all below this. */
  private List<ProcessHandle> descendants() {
    return keeper.isAlive()
        ? ProcessHandle.of(keeper.pid()).stream().flatMap(ProcessHandle::descendants).toList()
        : ProcessIdentity.groupOf(keeper.pid()).stream()
            .flatMap(member -> Stream.concat(Stream.of(member), member.descendants()))
            .toList();
  }

  /** The transcript follows the output within a fraction of a second. */
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
        return; // no grace for one who is in a hurry
      }
    }
  }

  /** The JDK knows TERM and KILL of single processes only; a negative pid is a group. */
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

  /** Removes the files of a process that has ended; without a keeper they are nobody's. */
  public void deleteFiles() throws IOException {
    Files.deleteIfExists(directory.resolve("keeper"));
    TreeDeleter.deleteTree(directory);
  }

  /** Lets go; the process lives on and can be attached to again. */
  @Override
  public void close() throws IOException {
    if (writer.isPresent()) {
      writer.get().close();
    }
  }
}
