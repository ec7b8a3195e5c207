package io.agentledger.command.claude.sandbox;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.command.claude.sandbox.ControlGroups.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Limits the resources of sandboxes: by control groups where this process may create them, and by
 * limits of single processes everywhere. It reports for every limit whether it is enforced here.
 */
public final class ResourceLimiter {
  private static final int KILLED = 137;

  private final SandboxSettings limits;
  private final ControlGroups groups;
  private final Path entry;
  private final boolean sandboxed;

  private ResourceLimiter(
      SandboxSettings limits, ControlGroups groups, Path entry, boolean sandboxed) {
    this.limits = limits;
    this.groups = groups;
    this.entry = entry;
    this.sandboxed = sandboxed;
  }

  /** Detects by trial which limits can be enforced here. */
  static ResourceLimiter detect(RunDirectory runDirectory, SandboxSettings limits) {
    return new ResourceLimiter(
        limits,
        ControlGroups.detect(Path.of("/proc/self")),
        runDirectory.tools().resolve("enter-cgroups"),
        true);
  }

  /** Returns a limiter that enforces nothing, for a node without a sandbox. */
  ResourceLimiter none() {
    return new ResourceLimiter(limits, ControlGroups.none(), entry, false);
  }

  /** Returns a copy with the lower limits of a session's environment. */
  public ResourceLimiter withEnvironmentLimits(Limits environment) {
    return new ResourceLimiter(limits.withEnvironmentLimits(environment), groups, entry, sandboxed);
  }

  /**
   * Returns the command prefix that applies the limits, outside of the sandbox.
   *
   * @param name name of the limited process tree; unique among those that are alive
   * @param profile the system call filter, which the sandbox reads from descriptor 9
   * @param arguments file of further arguments, which the sandbox reads from descriptor 8
   */
  List<String> prefix(String name, SeccompFilter.Profile profile, Path arguments)
      throws IOException {
    String into =
        groups.create(name, limits).stream().map(Path::toString).collect(Collectors.joining(":"));
    return List.of(entry.toString(), into, profile.fileName(), arguments.toString());
  }

  /**
   * Returns the command prefix inside the sandbox, where processes are counted per sandbox even if
   * sandboxes share a uid.
   */
  List<String> limitPrefix() {
    return List.of(
        "prlimit",
        "--nproc=" + limits.processes(),
        "--nofile=" + limits.openFiles(),
        "--fsize=" + limits.fileBytes(),
        "--core=0",
        "--");
  }

  /** Returns one sentence for each limit that is enforced here. */
  public List<String> describeEnforced() {
    List<String> sentences = new ArrayList<>();
    if (!sandboxed) {
      return sentences;
    }
    if (groups.canLimit(Resource.MEMORY)) {
      sentences.add(memoryText() + " of memory for all processes together, by " + groups.version());
    }
    if (groups.canLimit(Resource.CPU)) {
      sentences.add(
          limits.cpuPercent()
              + " % of one processor for all processes together, and half a program's weight if processors"
              + " are short, by "
              + groups.version());
    }
    sentences.add(limits.processes() + " processes and threads" + groupsSuffix());
    sentences.add(limits.openFiles() + " open files of a process, by rlimits");
    sentences.add(limits.fileMib() + " MiB in one file, by rlimits");
    sentences.add(
        limits.diskMib()
            + " MiB on disk outside the workspace, measured every "
            + checkIntervalText());
    sentences.add(
        limits.entriesMax()
            + " files, directories and links in the workspace, and as many outside it");
    sentences.add("the workspace's quota, measured every " + checkIntervalText());
    sentences.add("agents end before the service when the machine runs out of memory");
    sentences.add("system call filters that reject every call that they do not list");
    return sentences;
  }

  private String groupsSuffix() {
    return groups.canLimit(Resource.PROCESSES)
        ? ", by " + groups.version() + " and rlimits"
        : ", by rlimits";
  }

  /** Returns one sentence for each limit that cannot be enforced here. */
  public List<String> describeUnenforced() {
    List<String> sentences = new ArrayList<>();
    if (!sandboxed) {
      sentences.add("no limit is enforced without a sandbox");
      return sentences;
    }
    if (!groups.canLimit(Resource.MEMORY)) {
      sentences.add(
          "memory is not limited: the service may not create control groups"
              + " (as root, or delegated to it with its processes alone in its group)");
    }
    if (!groups.canLimit(Resource.CPU)) {
      sentences.add(
          "processor time is not limited: the service may not create control groups for it"
              + " (version 2: delegate the controller cpu, too)");
    }
    sentences.add(
        "disk usage is measured, not limited: a limit can be exceeded between two measurements");
    return sentences;
  }

  private String memoryText() {
    return limits.memoryMib() + " MiB";
  }

  private String checkIntervalText() {
    return limits.diskCheckInterval().toMillis() + " ms";
  }

  public SandboxSettings limits() {
    return limits;
  }

  /**
   * Returns the limit that it exceeded, if the kernel ended it for that.
   *
   * @param status the exit status, if known
   */
  public Optional<String> exceededLimit(String name, OptionalInt status) {
    boolean killed = status.isEmpty() || status.getAsInt() == KILLED;
    boolean full = groups.limitHits(name, Resource.MEMORY).orElse(0) > 0;
    return killed && full
        ? Optional.of("The agent used more than its " + memoryText() + " of memory.")
        : Optional.empty();
  }

  /** Removes the control groups of a process tree that has ended. Idempotent. */
  public void release(String name) {
    groups.remove(name);
  }

  /** Removes all control groups whose processes have ended. */
  void close() {
    groups.close();
  }
}
