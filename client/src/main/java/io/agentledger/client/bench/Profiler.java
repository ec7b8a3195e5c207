package io.agentledger.client.bench;

import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Flight recorder of the service's JVM: its CPU samples become flame graphs. */
final class Profiler {
  private static final String NAME = "bench";
  private static final int STACK_DEPTH = 256;

  /** A sample after every 5 ms of processor time. */
  private static final String SETTINGS =
      """
      <configuration version="2.0">
        <event name="%s">
          <setting name="enabled">true</setting>
          <setting name="throttle">5ms</setting>
        </event>
      </configuration>
      """
          .formatted(FlameGraph.EVENT);

  private final long pid;
  private final Path directory;

  /**
   * @param directory for recordings, while they are converted
   */
  Profiler(long pid, Path directory) {
    this.pid = pid;
    this.directory = directory;
  }

  void start() throws IOException, InterruptedException {
    jcmd("JFR.configure", "stackdepth=" + STACK_DEPTH);
    Path settings = directory.resolve("bench.jfc");
    Files.writeString(settings, SETTINGS);
    jcmd("JFR.start", "name=" + NAME, "settings=" + settings);
  }

  /** Ends the recording and writes its flame graph. */
  void stop(String title, Path svg) throws IOException, InterruptedException {
    Path recording = directory.resolve("bench.jfr");
    jcmd("JFR.stop", "name=" + NAME, "filename=" + recording);
    FlameGraph.write(recording, title, svg);
    Files.delete(recording);
  }

  private void jcmd(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    line.add(Long.toString(pid));
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0)
      throw new ServiceUnavailableException("The service was not profiled: " + output);
  }
}
