package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.claude.host.DiskUsage;
import io.agentledger.command.claude.host.DiskUsage.TreeUsage;
import io.agentledger.command.claude.host.ProcessTree;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.SandboxSettings;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.store.DurableFiles;
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
 * Measures the disk usage of running agents and kills those that exceed their limit. It cannot
 * prevent writes; the error states the overshoot since the previous measurement. A session that
 * exceeded its limit may be used again, but must not use more than it already does.
 */
final class DiskUsageMonitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DiskUsageMonitor.class);
  private static final String ALLOWED_FILE = "over";
  private static final int MIB_SHIFT = 20;

  /**
   * Growth that is allowed although the owner's storage quota is used up, so that files can still
   * be changed.
   */
  private static final long CHANGE_BYTES = 1L << 20;

  /** Factor of the interval for agents without a run. */
  private static final int IDLE_INTERVALS = 30;

  /** The same for agents that have started background tasks. */
  private static final int BACKGROUND_INTERVALS = 10;

  /** Measuring takes at most this fraction of the time, however large the tree is. */
  private static final int TIME_SHARE = 20;

  private final ProcessPool<ProcessSupervisor> pool;
  private final WorkspaceQuota quota;
  private final SandboxSettings limits;
  private final Map<SessionId, Check> checks = new HashMap<>();

  /** Size of the workspaces when their processes were measured first. */
  private final Map<ProcessSupervisor, Long> initialBytes = new WeakHashMap<>();

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("disk-usage-monitor").factory());

  DiskUsageMonitor(
      ProcessPool<ProcessSupervisor> pool, WorkspaceQuota quota, SandboxSettings limits) {
    this.pool = pool;
    this.quota = quota;
    this.limits = limits;
  }

  /** Last measurement of a session. */
  private record Check(long endNanos, long durationNanos) {}

  /**
   * Measured disk usage of a session.
   *
   * @param other outside its workspace
   */
  record UsageSample(TreeUsage workspace, TreeUsage other) {
    static final UsageSample ZERO = new UsageSample(new TreeUsage(0, 0), new TreeUsage(0, 0));

    /** Space that a CLI needs to continue its conversation. */
    private static final long CONVERSATION_BYTES = 16L << 20;

    private static final long CONVERSATION_ENTRIES = 1000;
    private static final int FIELD_COUNT = 4;

    /**
     * @param entriesMax number of entries after which a tree is not scanned further
     */
    static UsageSample measure(SessionPaths files, ClaudeProcess process, long entriesMax)
        throws IOException {
      TreeUsage other = DiskUsage.measure(process.directory(), entriesMax);
      for (Path path : files.scratch()) {
        other = other.plus(DiskUsage.measure(path, entriesMax));
      }
      Stream<ProcessHandle> alive = ProcessTree.descendants(process.identity().pid());
      TreeUsage workspace =
          files.boundDirectory().isPresent()
              ? ZERO.workspace()
              : DiskUsage.measure(files.workspace(), entriesMax);
      return new UsageSample(
          workspace, other.plus(new TreeUsage(DiskUsage.deletedFileBytes(alive), 0)));
    }

    /**
     * Returns the usage that the session was allowed to keep; zero if the file is missing,
     * incomplete or of an older version.
     */
    static UsageSample readAllowed(SessionPaths files) throws IOException {
      Path allowedFile = files.base().resolve(ALLOWED_FILE);
      if (Files.notExists(allowedFile)) {
        return ZERO;
      }
      String[] fields = Files.readString(allowedFile).strip().split(" ");
      if (fields.length != FIELD_COUNT) {
        return ZERO;
      }
      long[] values = Stream.of(fields).mapToLong(Long::parseLong).toArray();
      return new UsageSample(
          new TreeUsage(values[0], values[1]),
          new TreeUsage(values[2] + CONVERSATION_BYTES, values[3] + CONVERSATION_ENTRIES));
    }

    void writeAllowed(SessionPaths files) throws IOException {
      DurableFiles.write(
          files.base().resolve(ALLOWED_FILE),
          "%d %d %d %d"
              .formatted(workspace.bytes(), workspace.entries(), other.bytes(), other.entries())
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  DiskUsageMonitor start() {
    long pause = limits.diskCheckInterval().toMillis();
    var schedule = clock.scheduleWithFixedDelay(this::check, pause, pause, TimeUnit.MILLISECONDS);
    log.atDebug().addKeyValue("watching", !schedule.isDone()).log("disk usage monitoring started");
    return this;
  }

  private void check() {
    var processSupervisors = pool.supervisors();
    checks.keySet().retainAll(processSupervisors.stream().map(ProcessSupervisor::session).toList());
    for (ProcessSupervisor supervisor : processSupervisors) {
      long startedNanos = System.nanoTime();
      Check last = checks.get(supervisor.session());
      if (last != null && startedNanos - last.endNanos() < pause(supervisor, last).toNanos()) {
        continue;
      }
      try {
        check(supervisor);
      } catch (IOException | RuntimeException fault) {
        log.atWarn()
            .addKeyValue("sessionId", supervisor.session())
            .setCause(fault)
            .log("could not measure the disk usage of an agent");
      }
      long endNanos = System.nanoTime();
      checks.put(supervisor.session(), new Check(endNanos, endNanos - startedNanos));
    }
  }

  /** Returns the time from the check to the next one, which a run that has begun since shortens. */
  private Duration pause(ProcessSupervisor supervisor, Check last) {
    Duration took = Duration.ofNanos(last.durationNanos()).multipliedBy(TIME_SHARE);
    Duration least = limits.diskCheckInterval().multipliedBy(intervals(supervisor));
    return took.compareTo(least) > 0 ? took : least;
  }

  private static int intervals(ProcessSupervisor supervisor) {
    if (supervisor.isBusy()) return 0;
    return supervisor.context().hasStartedTask() ? BACKGROUND_INTERVALS : IDLE_INTERVALS;
  }

  private void check(ProcessSupervisor supervisor) throws IOException {
    SessionPaths files = supervisor.context().paths().sessionPaths();
    ClaudeProcess process = supervisor.context().process();
    if (!process.isAlive()) {
      return;
    }
    Optional<String> violation;
    try {
      UsageSample allowed = UsageSample.readAllowed(files);
      long mostEntries = Math.max(allowed.workspace().entries(), allowed.other().entries());
      UsageSample sample =
          UsageSample.measure(files, process, Math.max(limits.entriesMax(), mostEntries));
      violation = findViolation(supervisor, sample, allowed);
    } catch (DiskUsage.PathTooLongException hidden) {
      violation =
          Optional.of(
              "The disk usage of the agent cannot be measured: " + hidden.getMessage() + ".");
    }
    if (violation.isPresent()) {
      supervisor.killForLimit(violation.get());
      UsageSample.measure(files, process, Long.MAX_VALUE).writeAllowed(files);
    }
  }

  private Optional<String> findViolation(
      ProcessSupervisor supervisor, UsageSample sample, UsageSample allowance) throws IOException {
    WorkspaceQuota.Headroom headroom =
        quota.headroom(supervisor.session(), sample.workspace().bytes());
    long change =
        initialBytes.computeIfAbsent(supervisor, processSupervisor -> sample.workspace().bytes())
            + CHANGE_BYTES;
    long workspace = Math.min(headroom.workspace(), environmentLimit(supervisor));
    return violation(
            "The workspace", sample.workspace().bytes(), workspace, allowance.workspace().bytes())
        .or(
            () ->
                violation(
                    "With its owner's other storage, the workspace",
                    sample.workspace().bytes(),
                    Math.max(0, headroom.storage()),
                    Math.max(allowance.workspace().bytes(), change)))
        .or(
            () ->
                violation(
                    "Outside its workspace, the agent",
                    sample.other().bytes(),
                    limits.diskBytes(),
                    allowance.other().bytes()))
        .or(() -> entriesViolation("The workspace", sample.workspace(), allowance.workspace()))
        .or(
            () ->
                entriesViolation(
                    "Outside its workspace, the agent", sample.other(), allowance.other()));
  }

  private static long environmentLimit(ProcessSupervisor supervisor) {
    long limitMib = supervisor.context().state().opened().environment().limits().workspaceMib();
    return limitMib == 0 ? Long.MAX_VALUE : limitMib << MIB_SHIFT;
  }

  private Optional<String> violation(String subject, long bytes, long limit, long allowed) {
    if (bytes <= Math.max(limit, allowed)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s used %d MiB on disk; the limit is %d MiB: %d MiB too much, written within %d ms."
            .formatted(
                subject,
                mib(bytes),
                mib(limit),
                mib(bytes - limit),
                limits.diskCheckInterval().toMillis()));
  }

  private Optional<String> entriesViolation(String subject, TreeUsage usage, TreeUsage allowed) {
    return usage.entries() <= Math.max(limits.entriesMax(), allowed.entries())
        ? Optional.empty()
        : Optional.of(
            "%s had more than %d files, directories and links, written within %d ms."
                .formatted(subject, limits.entriesMax(), limits.diskCheckInterval().toMillis()));
  }

  /** Returns the number of MiB, rounded up. */
  private static long mib(long bytes) {
    return (bytes + (1L << MIB_SHIFT) - 1) >> MIB_SHIFT;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
