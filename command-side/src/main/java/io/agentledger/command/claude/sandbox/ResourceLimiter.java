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
 * What keeps a box from taking the whole machine: control groups where this process may make some,
 * limits of single processes everywhere. It says of every bound whether it holds here; what cannot
 * be enforced is not claimed.
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

  /** Finds out what holds here, by trying it. */
  static ResourceLimiter detect(RunDirectory runDirectory, SandboxSettings limits) {
    return new ResourceLimiter(
        limits,
        ControlGroups.find(Path.of("/proc/self")),
        runDirectory.tools().resolve("confine"),
        true);
  }

  /** Where there is no box nothing is bounded either. */
  ResourceLimiter none() {
    return new ResourceLimiter(limits, ControlGroups.none(), entry, false);
  }

  /** The same bounds, with less of what the environment of a session limits. */
  public ResourceLimiter within(Limits environment) {
    return new ResourceLimiter(limits.within(environment), groups, entry, sandboxed);
  }

  /**
   * The beginning of a line that starts something bounded, before its box.
   *
   * @param name of what is bounded; nothing else alive may have it
   */
  List<String> prefix(String name) throws IOException {
    String into =
        groups.create(name, limits).stream().map(Path::toString).collect(Collectors.joining(":"));
    return List.of(entry.toString(), into);
  }

  /**
   * The beginning of the line inside of the box: there the count of processes is its own, although
   * the uid may not be.
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

  /** What is enforced here, a sentence each. */
  public List<String> enforced() {
    List<String> words = new ArrayList<>();
    if (!sandboxed) {
      return words;
    }
    if (groups.bounds(Resource.MEMORY)) {
      words.add(memory() + " of memory for all together, by " + groups.version());
    }
    words.add(limits.processes() + " processes and threads" + byGroups());
    words.add(limits.openFiles() + " open files of a process, by rlimits");
    words.add(limits.fileMib() + " MiB in one file, by rlimits");
    words.add(limits.diskMib() + " MiB on disk beside the workspace, measured every " + every());
    words.add("the workspace's quota, measured every " + every());
    words.add("agents end before the service when the machine runs out of memory");
    if (SeccompFilter.areKnown()) {
      words.add("a filter of system calls");
    }
    return words;
  }

  private String byGroups() {
    return groups.bounds(Resource.PROCESSES)
        ? ", by " + groups.version() + " and rlimits"
        : ", by rlimits";
  }

  /** What cannot be enforced here, a sentence each. */
  public List<String> open() {
    List<String> words = new ArrayList<>();
    if (!sandboxed) {
      words.add("nothing is bounded without a sandbox");
      return words;
    }
    if (!groups.bounds(Resource.MEMORY)) {
      words.add(
          "memory is not bounded: the service may not make control groups"
              + " (as root, or delegated to it with its processes alone in its group)");
    }
    words.add("disk is measured, not bounded: what is written between two looks is too much");
    if (!SeccompFilter.areKnown()) {
      words.add("system calls are not filtered on this machine");
    }
    return words;
  }

  private String memory() {
    return limits.memoryMib() + " MiB";
  }

  private String every() {
    return limits.look().toMillis() + " ms";
  }

  public SandboxSettings limits() {
    return limits;
  }

  /**
   * What ended it, if the kernel did because of a bound.
   *
   * @param status the exit status, if it has left one
   */
  public Optional<String> endedBy(String name, OptionalInt status) {
    boolean killed = status.isEmpty() || status.getAsInt() == KILLED;
    boolean full = groups.met(name, Resource.MEMORY).orElse(0) > 0;
    return killed && full
        ? Optional.of("The agent used more than its " + memory() + " of memory.")
        : Optional.empty();
  }

  /** Nothing of that name is alive any more. Twice is safe. */
  public void release(String name) {
    groups.remove(name);
  }

  /** Leaves nothing behind but what is alive. */
  void close() {
    groups.close();
  }
}
