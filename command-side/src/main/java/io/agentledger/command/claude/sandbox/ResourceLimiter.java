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

  /** Finds out what holds here, by trying it. */
  static ResourceLimiter detect(RunDirectory runDirectory, SandboxSettings limits) {
    return new ResourceLimiter(
        limits,
        ControlGroups.detect(Path.of("/proc/self")),
        runDirectory.tools().resolve("enter-cgroups"),
        true);
  }

  /** Where there is no box nothing is bounded either. */
  ResourceLimiter none() {
    return new ResourceLimiter(limits, ControlGroups.none(), entry, false);
  }

  /** The same bounds, with less of what the environment of a session limits. */
  public ResourceLimiter withEnvironmentLimits(Limits environment) {
    return new ResourceLimiter(limits.withEnvironmentLimits(environment), groups, entry, sandboxed);
  }

  /**
   * The beginning of a line that starts something bounded, before its box.
   *
   * @param name of what is bounded; nothing else alive may have it
   * @param profile the filter of system calls that the box reads, by descriptor 9
   * @param arguments file of further arguments that it reads, by descriptor 8
   */
  List<String> prefix(String name, SeccompFilter.Profile profile, Path arguments)
      throws IOException {
    String into =
        groups.create(name, limits).stream().map(Path::toString).collect(Collectors.joining(":"));
    return List.of(entry.toString(), into, profile.fileName(), arguments.toString());
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
  public List<String> describeEnforced() {
    List<String> sentences = new ArrayList<>();
    if (!sandboxed) {
      return sentences;
    }
    if (groups.canLimit(Resource.MEMORY)) {
      sentences.add(memoryText() + " of memory for all together, by " + groups.version());
    }
    if (groups.canLimit(Resource.CPU)) {
      sentences.add(
          limits.cpuPercent()
              + " % of one processor for all together, and half a program's share where processors"
              + " are short, by "
              + groups.version());
    }
    sentences.add(limits.processes() + " processes and threads" + groupsSuffix());
    sentences.add(limits.openFiles() + " open files of a process, by rlimits");
    sentences.add(limits.fileMib() + " MiB in one file, by rlimits");
    sentences.add(
        limits.diskMib()
            + " MiB on disk beside the workspace, measured every "
            + checkIntervalText());
    sentences.add(
        limits.entriesMax() + " files, folders and links in the workspace, as many beside");
    sentences.add("the workspace's quota, measured every " + checkIntervalText());
    sentences.add("agents end before the service when the machine runs out of memory");
    sentences.add("filters of system calls that refuse what they do not list");
    return sentences;
  }

  private String groupsSuffix() {
    return groups.canLimit(Resource.PROCESSES)
        ? ", by " + groups.version() + " and rlimits"
        : ", by rlimits";
  }

  /** What cannot be enforced here, a sentence each. */
  public List<String> describeUnenforced() {
    List<String> sentences = new ArrayList<>();
    if (!sandboxed) {
      sentences.add("nothing is bounded without a sandbox");
      return sentences;
    }
    if (!groups.canLimit(Resource.MEMORY)) {
      sentences.add(
          "memory is not bounded: the service may not make control groups"
              + " (as root, or delegated to it with its processes alone in its group)");
    }
    if (!groups.canLimit(Resource.CPU)) {
      sentences.add(
          "processor time is not bounded: the service may not make control groups for it"
              + " (version 2: delegate the controller cpu, too)");
    }
    sentences.add("disk is measured, not bounded: what is written between two looks is too much");
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
   * What ended it, if the kernel did because of a bound.
   *
   * @param status the exit status, if it has left one
   */
  public Optional<String> exceededLimit(String name, OptionalInt status) {
    boolean killed = status.isEmpty() || status.getAsInt() == KILLED;
    boolean full = groups.limitHits(name, Resource.MEMORY).orElse(0) > 0;
    return killed && full
        ? Optional.of("The agent used more than its " + memoryText() + " of memory.")
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
