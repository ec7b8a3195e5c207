package io.agentledger.command.claude.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Identity of a process since the host's last boot: a pid may be reused, but not together with the
 * start time.
 *
 * @param startTicks field 22 of /proc/pid/stat: clock ticks since boot
 */
public record ProcessIdentity(long pid, long startTicks) {
  private static final long GONE = -1;
  private static final int GROUP_AFTER_NAME = 2;
  private static final int SESSION_AFTER_NAME = 3;
  private static final int START_AFTER_NAME = 19;

  static ProcessIdentity parse(String text) {
    String[] parts = text.strip().split(" ", 2);
    return new ProcessIdentity(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }

  boolean isAlive() {
    return startTicksOf(pid) == startTicks;
  }

  /**
   * Returns the other members of the process group and session that this process leads or led. If
   * another process has its pid, there are none: a pid is not reused as long as there are members.
   */
  List<ProcessHandle> groupMembers() {
    String[] leader = fieldsOf(pid);
    if (leader.length > START_AFTER_NAME
        && Long.parseLong(leader[START_AFTER_NAME]) != startTicks) {
      return List.of();
    }
    String id = Long.toString(pid);
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              String[] fields = fieldsOf(process.pid());
              return fields.length > START_AFTER_NAME
                  && fields[GROUP_AFTER_NAME].equals(id)
                  && fields[SESSION_AFTER_NAME].equals(id)
                  && process.pid() != pid;
            })
        .toList();
  }

  private static long startTicksOf(long pid) {
    String[] fields = fieldsOf(pid);
    boolean gone = fields.length <= START_AFTER_NAME || fields[0].equals("Z");
    return gone ? GONE : Long.parseLong(fields[START_AFTER_NAME]);
  }

  /** Returns the fields of the process's stat after its name; none if the process has ended. */
  private static String[] fieldsOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    } catch (IOException gone) {
      return new String[0];
    }
  }
}
