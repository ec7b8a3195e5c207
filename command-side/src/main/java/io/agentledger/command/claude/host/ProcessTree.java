package io.agentledger.command.claude.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The descendants of a process, as the kernel lists them. This reads the entries of these processes
 * only, where {@link ProcessHandle#descendants()} reads those of all processes of the machine.
 */
public final class ProcessTree {
  private static final String CHILDREN = "children";
  private static final boolean LISTED =
      Files.exists(Path.of("/proc/thread-self").resolve(CHILDREN));

  private ProcessTree() {}

  /**
   * Returns the descendants of the process. One that starts or ends meanwhile may be missing, and
   * so may its siblings: this is for measurements, not for ending processes.
   */
  public static Stream<ProcessHandle> descendants(long pid) {
    return LISTED
        ? children(pid).stream()
            .flatMap(child -> Stream.concat(ProcessHandle.of(child).stream(), descendants(child)))
        : ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants);
  }

  private static List<Long> children(long pid) {
    List<Long> children = new ArrayList<>();
    try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : threads) {
        Stream.of(Files.readString(thread.resolve(CHILDREN)).split(" "))
            .filter(child -> !child.isBlank())
            .map(Long::valueOf)
            .forEach(children::add);
      }
    } catch (IOException | DirectoryIteratorException ended) {
      return children;
    }
    return children;
  }
}
