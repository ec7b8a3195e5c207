package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.sandbox.ControlGroups.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Locates the directory in which this process may create control groups: below its own, so that
 * limits of the service apply to its agents; with version 2 otherwise at the root, if root may.
 */
final class ControlGroupLocator {
  private ControlGroupLocator() {}

  /**
   * Returns the directories in which groups may be created, the best first: below this process's
   * own group, so that limits of the service apply to its agents; with version 2 otherwise at the
   * root, if root may.
   */
  static List<Path> locate(Path self, Resource resource, boolean unified) throws IOException {
    for (String line : Files.readAllLines(self.resolve("mountinfo"))) {
      String[] sections = line.split(" - ", 2);
      String[] mount = sections[0].split(" ");
      String[] type = sections[1].split(" ");
      boolean here =
          unified
              ? type[0].equals("cgroup2")
              : type[0].equals("cgroup")
                  && List.of(type[2].split(",")).contains(resource.controller);
      if (here) {
        String name = unified ? "" : resource.controller;
        Optional<Path> own =
            groupPath(self, name)
                .filter(path -> path.startsWith(mount[3]) && !path.contains("/.."))
                .map(path -> path.substring(mount[3].length()).replaceFirst("^/", ""))
                .map(path -> Path.of(mount[4]).resolve(path));
        Optional<Path> below = unified ? own.flatMap(group -> delegate(group, resource)) : own;
        List<Path> found = new ArrayList<>(below.stream().toList());
        Path root = Path.of(mount[4]);
        if (unified
            && readFields(root.resolve("cgroup.controllers")).contains(resource.controller)) {
          found.add(root);
        }
        return found;
      }
    }
    return List.of();
  }

  private static Optional<String> groupPath(Path self, String controller) throws IOException {
    return Files.readAllLines(self.resolve("cgroup")).stream()
        .map(line -> line.split(":", 3))
        .filter(parts -> List.of(parts[1].split(",")).contains(controller))
        .map(parts -> parts[2])
        .findFirst();
  }

  /**
   * A version 2 group that contains processes cannot have limited groups below it, so this process
   * moves itself into a child group if it is alone in its group. It does not move other processes.
   */
  private static Optional<Path> delegate(Path own, Resource resource) {
    try {
      if (!readFields(own.resolve("cgroup.controllers")).contains(resource.controller)) {
        return Optional.empty();
      }
      Path parent = own.resolve("..").normalize();
      if (own.endsWith("service")
          && readFields(parent.resolve(ControlGroups.SUBTREE)).contains(resource.controller)) {
        return Optional.of(parent);
      }
      if (!readFields(own.resolve(ControlGroups.SUBTREE)).contains(resource.controller)) {
        List<String> inside = Files.readAllLines(own.resolve(ControlGroups.PROCESSES));
        if (!holdsOnlyService(own, inside)) {
          return Optional.empty();
        }
        Path service = Files.createDirectories(own.resolve("service"));
        for (String process : inside) {
          ControlGroups.write(service.resolve(ControlGroups.PROCESSES), process);
        }
        ControlGroups.write(own.resolve(ControlGroups.SUBTREE), available(own));
      }
      return Optional.of(own);
    } catch (IOException closed) {
      return Optional.empty();
    }
  }

  /** Returns the controllers that are delegated here, in the syntax that enables them. */
  private static String available(Path own) throws IOException {
    List<String> delegated = readFields(own.resolve("cgroup.controllers"));
    return Stream.of(Resource.values())
        .map(resource -> resource.controller)
        .filter(delegated::contains)
        .map(controller -> "+" + controller)
        .collect(Collectors.joining(" "));
  }

  /** Returns whether the group contains only this process and, in a container, its init process. */
  private static boolean holdsOnlyService(Path own, List<String> inside) {
    Set<String> others = new HashSet<>(inside);
    boolean holdsService = others.remove(Long.toString(ProcessHandle.current().pid()));
    boolean container = Files.notExists(own.resolve("cgroup.type")) && others.equals(Set.of("1"));
    return holdsService && (others.isEmpty() || container);
  }

  private static List<String> readFields(Path file) throws IOException {
    return Arrays.asList(Files.readString(file).strip().split("\\s+"));
  }
}
