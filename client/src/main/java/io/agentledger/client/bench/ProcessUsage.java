package io.agentledger.client.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Resources that processes use, as the kernel reports them in {@code /proc}. */
final class ProcessUsage {
  /** Linux reports times to user space in these units on every architecture that we run on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER = 11;
  private static final int CHILDREN_SYSTEM = 14;

  private ProcessUsage() {}

  /** Returns the CPU seconds of a process itself; 0 if it has ended. */
  static double cpuSeconds(long pid) {
    return sumOfTimes(pid, USER + 2);
  }

  /** Returns the CPU seconds of a process, of its descendants and of its children that ended. */
  static double treeCpuSeconds(long pid) {
    double seconds = sumOfTimes(pid, CHILDREN_SYSTEM + 1);
    for (long child : descendants(pid)) seconds += sumOfTimes(child, CHILDREN_SYSTEM + 1);
    return seconds;
  }

  /** Returns the CPU seconds of the live threads of a process whose names match. */
  static double threadCpuSeconds(long pid, Pattern name) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads
          .map(thread -> "task/" + thread.getFileName() + "/")
          .filter(thread -> name.matcher(read(pid, thread + "comm")).lookingAt())
          .mapToDouble(thread -> sumOfTimes(read(pid, thread + "stat"), USER + 2))
          .sum();
    } catch (IOException ended) {
      return 0;
    }
  }

  private static double sumOfTimes(long pid, int end) {
    return sumOfTimes(read(pid, "stat"), end);
  }

  private static double sumOfTimes(String stat, int end) {
    if (stat.isEmpty()) return 0;
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = 0;
    for (int i = USER; i < end; i++) ticks += Long.parseLong(fields[i]);
    return ticks / TICKS_PER_SECOND;
  }

  static List<Long> descendants(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }

  /** Returns the anonymous resident memory in MiB. */
  static double anonymousMib(long pid) {
    return read(pid, "smaps_rollup")
        .lines()
        .filter(line -> line.startsWith("Anonymous:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Returns the words of {@code cmdline} or {@code environ}; empty if the process has ended. */
  static List<String> words(long pid, String file) {
    String text = read(pid, file);
    return text.isEmpty() ? List.of() : List.of(text.split("\0"));
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }

  /** Returns the first line that begins with a prefix in a file of {@code /proc}. */
  static String line(String file, String prefix) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", file))) {
      return lines.filter(line -> line.startsWith(prefix)).findFirst().orElse("");
    } catch (IOException unreadable) {
      return "";
    }
  }
}
