package io.agentledger.command.claude.sandbox;

import static java.util.Map.entry;

import io.agentledger.api.shared.OrderedCopy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The kernel's control groups, version 1 or 2, as far as this process may create groups below its
 * own. Each limited process tree gets its own group, so that limits apply to the tree as a whole.
 */
final class ControlGroups {
  private static final int ATTEMPTS_MAX = 5;
  private static final String GROUPS = "agentledger";
  static final String PROCESSES = "cgroup.procs";
  static final String SUBTREE = "cgroup.subtree_control";

  /**
   * File of the swap limit, which keeps processes from evading the memory limit; not every kernel
   * has it.
   */
  private static final String SWAP = "memory.swap.max";

  private static final String SWAP_V1 = "memory.memsw.limit_in_bytes";
  private static final Set<String> SWAP_FILES = Set.of(SWAP, SWAP_V1);
  private static final int CLOSE_TRIES_MAX = 30;
  private static final long CLOSE_PAUSE_NANOS = 10_000_000;
  private static final int CPU_PERIOD_MICROS = 100_000;

  /** Half of the default weight, which the service has. */
  private static final String CPU_WEIGHT = "50";

  private static final String CPU_SHARES = "512";
  private static final Duration GRACE_PERIOD = Duration.ofMinutes(1);

  /** Resources that can be limited. */
  enum Resource {
    MEMORY("memory"),
    PROCESSES("pids"),
    CPU("cpu");

    final String controller;

    Resource(String controller) {
      this.controller = controller;
    }
  }

  /**
   * One controller and the directory in which its groups are created.
   *
   * @param events the file that counts how often the limit was hit, in the line with {@code key}
   */
  private record Controller(
      Resource resource, Path groups, boolean unified, String events, String key) {

    static Controller locate(Resource resource, Path own, boolean unified) {
      Path groups = own.resolve(GROUPS);
      return switch (resource) {
        case MEMORY ->
            new Controller(
                resource,
                groups,
                unified,
                unified ? "memory.events" : "memory.oom_control",
                "oom_kill");
        case PROCESSES -> new Controller(resource, groups, unified, "pids.events", "max");
        case CPU -> new Controller(resource, groups, unified, "cpu.stat", "nr_throttled");
      };
    }

    /** Returns the group's files and the values to write to them, in this order. */
    List<Map.Entry<String, String>> values(SandboxSettings limits) {
      String bytes = Long.toString(limits.memoryBytes());
      String quota = Long.toString((long) limits.cpuPercent() * CPU_PERIOD_MICROS / 100);
      return switch (resource) {
        case MEMORY ->
            unified
                ? List.of(entry("memory.max", bytes), entry(SWAP, "0"))
                : List.of(entry("memory.limit_in_bytes", bytes), entry(SWAP_V1, bytes));
        case PROCESSES -> List.of(entry("pids.max", Integer.toString(limits.processes())));
        case CPU ->
            unified
                ? List.of(
                    entry("cpu.max", quota + " " + CPU_PERIOD_MICROS),
                    entry("cpu.weight", CPU_WEIGHT))
                : List.of(
                    entry("cpu.cfs_period_us", Integer.toString(CPU_PERIOD_MICROS)),
                    entry("cpu.cfs_quota_us", quota),
                    entry("cpu.shares", CPU_SHARES));
      };
    }
  }

  private final List<Controller> controllers;
  private final boolean unified;
  private final Set<String> made = ConcurrentHashMap.newKeySet();

  /** Groups that could not be removed yet because a process in them was still exiting. */
  private final Set<String> dying = ConcurrentHashMap.newKeySet();

  private ControlGroups(List<Controller> controllers, boolean unified) {
    this.controllers = controllers;
    this.unified = unified;
  }

  static ControlGroups none() {
    return new ControlGroups(List.of(), false);
  }

  /**
   * Detects the control groups that work here, by creating a group, setting limits and moving a
   * process into it.
   *
   * @param self /proc/self
   */
  static ControlGroups detect(Path self) {
    try {
      ControlGroups found = new ControlGroups(List.of(), false);
      for (boolean unified : new boolean[] {true, false}) {
        List<Controller> usableControllers = new ArrayList<>();
        for (Resource resource : Resource.values()) {
          ControlGroupLocator.locate(self, resource, unified).stream()
              .map(path -> Controller.locate(resource, path, unified))
              .filter(ControlGroups::probe)
              .findFirst()
              .ifPresent(usableControllers::add);
        }
        if (usableControllers.size() > found.controllers.size()) {
          found = new ControlGroups(usableControllers, unified);
        }
      }
      return found;
    } catch (IOException unreadable) {
      return none();
    }
  }

  private static boolean probe(Controller controller) {
    Path trial = controller.groups().resolve("trial-" + ProcessHandle.current().pid());
    try {
      create(controller, trial, SandboxSettings.DEFAULT);
      Process probe =
          new ProcessBuilder("/bin/sh", "-c", "echo 0 >\"$0\"", trial.resolve(PROCESSES).toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException refused) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      remove(trial);
      remove(controller.groups()); // Succeeds only if there are no other groups.
    }
  }

  boolean canLimit(Resource resource) {
    return controllers.stream().anyMatch(controller -> controller.resource() == resource);
  }

  /** Returns the version as display text. */
  String version() {
    return unified ? "control groups (v2)" : "control groups (v1)";
  }

  /**
   * Creates a group with this name and these limits.
   *
   * @return the directories of the group, one for each hierarchy
   */
  List<Path> create(String name, SandboxSettings limits) throws IOException {
    sweep();
    made.add(name);
    List<Path> directories = new ArrayList<>();
    for (Controller controller : controllers) {
      Path group = controller.groups().resolve(name);
      create(controller, group, limits);
      if (!directories.contains(group)) {
        directories.add(group);
      }
    }
    return directories;
  }

  /** Creates a directory that another service may remove at the same time, because it is empty. */
  private static void createDirectories(Path directory) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.createDirectories(directory);
        return;
      } catch (
          FileAlreadyExistsException removed) { // It existed, and was removed before the check.
        if (attempt == ATTEMPTS_MAX) {
          throw removed;
        }
      }
    }
  }

  private static void create(Controller controller, Path group, SandboxSettings limits)
      throws IOException {
    createDirectories(controller.groups());
    Path subtree = controller.groups().resolve(SUBTREE); // Version 2 only.
    if (Files.exists(subtree)) {
      write(subtree, "+" + controller.resource().controller);
    }
    createDirectories(group);
    for (Map.Entry<String, String> value : controller.values(limits)) {
      Path file = group.resolve(value.getKey());
      if (!SWAP_FILES.contains(value.getKey()) || Files.exists(file)) {
        write(file, value.getValue());
      }
    }
  }

  static void write(Path file, String value) throws IOException {
    Files.writeString(file, value, StandardOpenOption.WRITE);
  }

  /** Returns how often the group hit the limit; empty if the kernel does not count it. */
  OptionalLong limitHits(String name, Resource resource) {
    return controllers.stream()
        .filter(controller -> controller.resource() == resource)
        .mapToLong(
            controller ->
                readCount(
                    controller.groups().resolve(name).resolve(controller.events()),
                    controller.key()))
        .filter(count -> count >= 0)
        .findFirst();
  }

  private static long readCount(Path events, String key) {
    try {
      return Files.readAllLines(events).stream()
          .filter(line -> line.startsWith(key + " "))
          .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1).strip()))
          .findFirst()
          .orElse(-1);
    } catch (IOException gone) {
      return -1;
    }
  }

  /**
   * Removes a group without processes; if a process is still exiting, a later sweep removes the
   * group.
   */
  void remove(String name) {
    long stay =
        controllers.stream()
            .map(controller -> controller.groups().resolve(name))
            .filter(group -> !remove(group))
            .count();
    if (stay == 0) {
      made.remove(name);
      dying.remove(name);
    } else {
      dying.add(name);
    }
  }

  /**
   * Removes all groups that were created here and whose processes have ended; waits for processes
   * that are exiting.
   */
  void close() {
    for (int tries = 0; tries < CLOSE_TRIES_MAX && !made.isEmpty(); tries++) {
      OrderedCopy.of(made).forEach(this::remove);
      LockSupport.parkNanos(made.isEmpty() ? 0 : CLOSE_PAUSE_NANOS);
    }
    controllers.forEach(controller -> remove(controller.groups()));
  }

  /**
   * @return false if a process in it is still alive
   */
  private static boolean remove(Path group) {
    try {
      Files.deleteIfExists(group); // cgroupfs lets a group be removed although it contains files.
      return true;
    } catch (IOException busy) {
      return false;
    }
  }

  /**
   * Removes groups whose processes have ended; keeps recent groups, which may not have their
   * process yet.
   */
  private void sweep() {
    dying.forEach(this::remove);
    Instant threshold = Instant.now().minus(GRACE_PERIOD);
    for (Controller controller : controllers) {
      try (DirectoryStream<Path> groups =
          Files.newDirectoryStream(controller.groups(), Files::isDirectory)) {
        for (Path group : groups) {
          if (Files.getLastModifiedTime(group).toInstant().isBefore(threshold)) {
            if (remove(group)) {
              made.remove(group.getFileName().toString());
            }
          }
        }
      } catch (IOException none) {
        // No group was created here yet.
      }
    }
  }
}
