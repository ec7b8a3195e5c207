package io.agentledger.store.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Content of a data directory's postmaster.pid: the server that runs there, or ran before a crash.
 */
record PostmasterPid(long pid, int port, boolean ready) {
  private static final int PID = 0;
  private static final int PORT = 3;
  private static final int STATUS = 7;

  /** Reads the file; empty if no server runs there, or none has written enough to be identified. */
  static Optional<PostmasterPid> read(Path data) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(fileIn(data));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (lines.size() <= PORT) return Optional.empty();
    try {
      return Optional.of(
          new PostmasterPid(
              Math.abs(Long.parseLong(lines.get(PID).strip())),
              Integer.parseInt(lines.get(PORT).strip()),
              lines.size() > STATUS && lines.get(STATUS).strip().equals("ready")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  static Path fileIn(Path data) {
    return data.resolve("postmaster.pid");
  }

  /**
   * Returns all processes that work in this directory: the server and its helpers, identified by
   * their working directory. After a restart of the machine, the number in the file may belong to
   * any process.
   */
  static List<ProcessHandle> processesOn(Path data) {
    return ProcessHandle.allProcesses()
        .filter(process -> isWorkingIn(data, process.pid()))
        .toList();
  }

  private static boolean isWorkingIn(Path data, long pid) {
    try {
      return Files.isSameFile(Path.of("/proc", String.valueOf(pid), "cwd"), data);
    } catch (IOException e) {
      return false;
    }
  }

  boolean isRunningOn(Path data) {
    return isWorkingIn(data, pid);
  }
}
