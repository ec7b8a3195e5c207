package io.agentledger.command.claude.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One process of this boot of the host: its pid may be given to another one later, its pid and
 * start time together may not.
 *
 * @param startTicks field 22 of /proc/pid/stat: clock ticks since boot
 */
public record ProcessIdentity(long pid, long startTicks) {
  private static final long GONE = -1;
  private static final int START_AFTER_NAME = 19;

  static ProcessIdentity parse(String text) {
    String[] parts = text.strip().split(" ", 2);
    return new ProcessIdentity(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }

  boolean isAlive() {
    return startTicksOf(pid) == startTicks;
  }

  private static long startTicksOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean zombie = fields[0].equals("Z");
      return zombie ? GONE : Long.parseLong(fields[START_AFTER_NAME]);
    } catch (IOException gone) {
      return GONE;
    }
  }
}
