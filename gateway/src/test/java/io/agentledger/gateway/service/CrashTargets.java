package io.agentledger.gateway.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds the processes of an installation in the process table, without the service. */
final class CrashTargets {
  private final Path home;

  CrashTargets(Path home) {
    this.home = home;
  }

  /** Returns the directory of a session. */
  Path session(String session) {
    Path elsewhere = home.resolve("run.path");
    try {
      Path run =
          Files.exists(elsewhere)
              ? Path.of(Files.readString(elsewhere).strip())
              : home.resolve("run");
      return run.resolve("s").resolve(session);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the lines that a session's calls have appended. */
  List<String> nonces(String session) {
    Path file = session(session).resolve("work").resolve(PlanPlayer.NONCES);
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Finds the script {@code supervise}, the parent of the session's CLI. */
  Optional<ProcessHandle> keeper(String session) {
    String script = "supervise " + session(session).resolve("run");
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(script))
        .filter(process -> !isKeeper(process.parent(), script))
        .findFirst();
  }

  /** The watching subshell has the same command line as the script. */
  private static boolean isKeeper(Optional<ProcessHandle> process, String script) {
    return process.flatMap(parent -> parent.info().commandLine()).orElse("").contains(script);
  }

  Optional<ProcessHandle> cli(String session) {
    return descendant(session, command -> command.endsWith("/claude"));
  }

  /** Finds the outermost sandbox process. */
  Optional<ProcessHandle> sandbox(String session) {
    return descendant(session, command -> command.endsWith("/bwrap"));
  }

  private Optional<ProcessHandle> descendant(String session, Predicate<String> command) {
    return keeper(session).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(process -> process.info().command().filter(command).isPresent())
        .findFirst();
  }

  /** Returns the supervising script and all of its descendants. */
  List<ProcessHandle> group(String session) {
    var group = new ArrayList<ProcessHandle>();
    keeper(session)
        .ifPresent(
            keeper -> {
              group.add(keeper);
              keeper.descendants().forEach(group::add);
            });
    return group;
  }

  Optional<ProcessHandle> postgres() {
    try (Stream<Path> files = Files.walk(home.resolve("database"), 2)) {
      Optional<Path> file = files.filter(path -> path.endsWith("postmaster.pid")).findFirst();
      if (file.isEmpty()) return Optional.empty();
      return ProcessHandle.of(Long.parseLong(Files.readAllLines(file.get()).getFirst().strip()));
    } catch (IOException | RuntimeException beingReplaced) {
      return Optional.empty();
    }
  }

  /** Returns processes that have a session in their command line or mounts, and its sockets. */
  List<String> leftovers(String session) {
    var found = new ArrayList<String>();
    ProcessHandle.allProcesses()
        .filter(process -> belongsTo(process, session))
        .forEach(process -> found.add("process " + process.info().commandLine().orElse("?")));
    try (Stream<String> sockets = Files.lines(Path.of("/proc/net/unix"))) {
      sockets.filter(line -> line.contains(session)).forEach(line -> found.add("socket " + line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (Files.exists(session(session))) found.add("directory " + session(session));
    return found;
  }

  private static boolean belongsTo(ProcessHandle process, String session) {
    try {
      Path proc = Path.of("/proc", Long.toString(process.pid()));
      return Files.readString(proc.resolve("cmdline")).contains(session)
          || Files.readString(proc.resolve("mountinfo")).contains(session);
    } catch (IOException ended) {
      return false;
    }
  }
}
