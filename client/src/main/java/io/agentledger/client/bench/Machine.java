package io.agentledger.client.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine that a benchmark ran on.
 *
 * @param fileSystem type of the file system that the database is on
 * @param jdk version of the JDK that runs the service, too
 */
public record Machine(
    String processor,
    int processors,
    long memoryMib,
    String kernel,
    String fileSystem,
    String jdk) {
  static Machine detect(Path directory) throws IOException {
    return new Machine(
        ProcessUsage.line("cpuinfo", "model name").replaceFirst(".*?: ", ""),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(ProcessUsage.line("meminfo", "MemTotal").replaceAll("\\D+", "")) / 1024,
        System.getProperty("os.version", ""),
        Files.getFileStore(directory).type(),
        System.getProperty("java.vendor", "") + " " + Runtime.version());
  }

  /** Returns the load averages of the last 1, 5 and 15 minutes. */
  static String load() {
    return ProcessUsage.line("loadavg", "").replaceFirst("^(\\S+ \\S+ \\S+).*", "$1");
  }
}
