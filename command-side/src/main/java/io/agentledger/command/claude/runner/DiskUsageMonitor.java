package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.claude.host.DiskUsage;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.SandboxSettings;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what agents have on disk while they are alive, and ends those that have too much. It
 * looks, it does not hold them back: what is written between two looks is said as overshoot. A
 * session that has too much once may be used again, and then must not have more than it had.
 */
final class DiskUsageMonitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DiskUsageMonitor.class);
  private static final String OVER = "over";
  private static final int MIB_SHIFT = 20;

  /** Whose owner has used everything up elsewhere may still change a file. */
  private static final long CHANGE_BYTES = 1L << 20;

  /** Agents without a run may have left something in the background: now and then is enough. */
  private static final int IDLE_LOOKS = 10;

  /** Looking takes no more than this part of the time, however large the tree. */
  private static final int SHARE = 20;

  private final ProcessPool pool;
  private final WorkspaceQuota quota;
  private final SandboxSettings limits;
  private final Map<SessionId, Long> nextLook = new HashMap<>();

  /** What workspaces held when their processes were looked at first. */
  private final Map<ProcessSupervisor, Long> atFirst = new WeakHashMap<>();

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("disk-watch").factory());

  DiskUsageMonitor(ProcessPool pool, WorkspaceQuota quota, SandboxSettings limits) {
    this.pool = pool;
    this.quota = quota;
    this.limits = limits;
  }

  /**
   * What a session has on disk, in bytes.
   *
   * @param beside the workspace
   */
  private record Taken(long workspace, long beside) {
    static final Taken NOTHING = new Taken(0, 0);

    /** A CLI that goes on with a conversation has to write it down. */
    private static final long CONVERSATION_BYTES = 16L << 20;

    static Taken by(SessionPaths files, ClaudeProcess process) throws IOException {
      long beside = DiskUsage.bytes(process.directory());
      for (Path path : files.scratch()) {
        beside += DiskUsage.bytes(path);
      }
      Stream<ProcessHandle> alive =
          ProcessHandle.of(process.identity().pid()).stream().flatMap(ProcessHandle::descendants);
      long workspace = files.bound().isPresent() ? 0 : DiskUsage.bytes(files.workspace());
      return new Taken(workspace, beside + DiskUsage.nameless(alive));
    }

    /** What it was allowed to keep. */
    static Taken remembered(SessionPaths files) throws IOException {
      Path over = files.base().resolve(OVER);
      if (Files.notExists(over)) {
        return NOTHING;
      }
      String[] words = Files.readString(over).strip().split(" ");
      return new Taken(Long.parseLong(words[0]), Long.parseLong(words[1]) + CONVERSATION_BYTES);
    }

    void remember(SessionPaths files) throws IOException {
      Files.write(
          files.base().resolve(OVER), (workspace + " " + beside).getBytes(StandardCharsets.UTF_8));
    }
  }

  DiskUsageMonitor start() {
    long pause = limits.look().toMillis();
    var watching = clock.scheduleWithFixedDelay(this::check, pause, pause, TimeUnit.MILLISECONDS);
    log.atDebug().addKeyValue("watching", !watching.isDone()).log("disks are watched");
    return this;
  }

  private void check() {
    var processSupervisors = pool.all();
    nextLook
        .keySet()
        .retainAll(processSupervisors.stream().map(ProcessSupervisor::session).toList());
    for (ProcessSupervisor supervisor : processSupervisors) {
      long begun = System.nanoTime();
      if (begun - nextLook.getOrDefault(supervisor.session(), begun) < 0) {
        continue;
      }
      try {
        check(supervisor);
      } catch (IOException | RuntimeException fault) {
        log.atWarn()
            .addKeyValue("sessionId", supervisor.session())
            .setCause(fault)
            .log("what an agent has on disk could not be measured");
      }
      nextLook.put(supervisor.session(), System.nanoTime() + pause(supervisor, begun).toNanos());
    }
  }

  private Duration pause(ProcessSupervisor supervisor, long begun) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(SHARE);
    Duration least = supervisor.isBusy() ? Duration.ZERO : limits.look().multipliedBy(IDLE_LOOKS);
    return took.compareTo(least) > 0 ? took : least;
  }

  private void check(ProcessSupervisor supervisor) throws IOException {
    SessionPaths files = supervisor.post().paths().session();
    ClaudeProcess process = supervisor.post().process();
    if (!process.isAlive()) {
      return;
    }
    Optional<String> tooMuch;
    try {
      Taken taken = Taken.by(files, process);
      tooMuch = tooMuch(supervisor, taken, Taken.remembered(files));
    } catch (DiskUsage.PathTooLongException hidden) {
      tooMuch =
          Optional.of(
              "What the agent has on disk cannot be measured: " + hidden.getMessage() + ".");
    }
    if (tooMuch.isPresent()) {
      supervisor.killForLimit(tooMuch.get());
      Taken.by(files, process).remember(files);
    }
  }

  private Optional<String> tooMuch(ProcessSupervisor supervisor, Taken taken, Taken allowed)
      throws IOException {
    WorkspaceQuota.Headroom headroom = quota.room(supervisor.session(), taken.workspace());
    long change =
        atFirst.computeIfAbsent(supervisor, processSupervisor -> taken.workspace()) + CHANGE_BYTES;
    long workspace = Math.min(headroom.workspace(), ofEnvironment(supervisor));
    return violation("The workspace", taken.workspace(), workspace, allowed.workspace())
        .or(
            () ->
                violation(
                    "With what else its owner stores the workspace",
                    taken.workspace(),
                    Math.max(0, headroom.storage()),
                    Math.max(allowed.workspace(), change)))
        .or(
            () ->
                violation(
                    "Beside its workspace the agent",
                    taken.beside(),
                    limits.diskBytes(),
                    allowed.beside()));
  }

  private static long ofEnvironment(ProcessSupervisor supervisor) {
    long most = supervisor.post().record().opening().environment().limits().workspaceMib();
    return most == 0 ? Long.MAX_VALUE : most << MIB_SHIFT;
  }

  private Optional<String> violation(String what, long bytes, long limit, long allowed) {
    if (bytes <= Math.max(limit, allowed)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s took up %d MiB on disk, of %d MiB at most: %d MiB too much, written within %d ms."
            .formatted(what, mib(bytes), mib(limit), mib(bytes - limit), limits.look().toMillis()));
  }

  /** Rounded up: a byte too much is one. */
  private static long mib(long bytes) {
    return (bytes + (1L << MIB_SHIFT) - 1) >> MIB_SHIFT;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
