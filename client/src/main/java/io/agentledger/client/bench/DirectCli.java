package io.agentledger.client.bench;

import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Claude CLI that is driven directly on pipes: the floor of a query. It is the executable of a
 * process that the service has started, with the same options and variables, but without sandbox,
 * supervisor, journal and model gateway.
 */
final class DirectCli implements AutoCloseable {
  private static final String EXECUTABLE = "/claude";

  private final long spawnedAt;
  private final Process process;
  private final BufferedWriter input;
  private final BufferedReader output;

  private DirectCli(long spawnedAt, Process process) {
    this.spawnedAt = spawnedAt;
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Returns the CLI processes that descend from a service, without their wrappers. */
  static List<Long> processesOf(long service) {
    return ProcessUsage.descendants(service).stream().filter(DirectCli::isCli).toList();
  }

  /** Returns the CPU seconds of each CLI process that descends from a service, by process id. */
  static Map<Long, Double> cpuSecondsOf(long service) {
    return processesOf(service).stream()
        .collect(Collectors.toMap(pid -> pid, ProcessUsage::treeCpuSeconds));
  }

  /** Returns the CPU seconds that the CLI processes alive now have used since a reading. */
  static double cpuSecondsOf(long service, Map<Long, Double> before) {
    return cpuSecondsOf(service).entrySet().stream()
        .mapToDouble(now -> now.getValue() - before.getOrDefault(now.getKey(), 0.0))
        .sum();
  }

  private static boolean isCli(long pid) {
    List<String> words = ProcessUsage.words(pid, "cmdline");
    return words.size() > 1 && words.getFirst().endsWith(EXECUTABLE) && words.get(1).equals("-p");
  }

  /**
   * Starts a CLI as the service has started one of its own.
   *
   * @param example process of the service that has the options
   * @param directory for its files; created
   */
  static DirectCli start(BenchService service, long example, StandInModel model, Path directory)
      throws IOException {
    Path executable = findExecutable(service.runDirectory().resolve("cli"));
    ProcessBuilder builder = new ProcessBuilder(commandLine(executable, example));
    builder.directory(Files.createDirectories(directory.resolve("workspace")).toFile());
    builder.environment().clear();
    builder.environment().putAll(variables(example, model, directory));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors(directory)));
    return new DirectCli(System.nanoTime(), builder.start());
  }

  private static Path findExecutable(Path installed) throws IOException {
    try (var files = Files.walk(installed)) {
      return files.filter(file -> file.endsWith("claude")).findFirst().orElseThrow();
    }
  }

  private static File errors(Path directory) {
    return directory.resolve("stderr").toFile();
  }

  private static List<String> commandLine(Path executable, long example) {
    List<String> line = new ArrayList<>(ProcessUsage.words(example, "cmdline"));
    if (line.isEmpty()) throw new ServiceUnavailableException("The CLI of the service has ended.");
    line.set(0, executable.toString());
    for (int i = 1; i < line.size(); i++) {
      switch (line.get(i - 1)) {
        case "--session-id" -> line.set(i, UUID.randomUUID().toString());
        case "--settings" -> line.set(i, withoutVariables(line.get(i)));
        default -> {}
      }
    }
    return line;
  }

  /** The variables are paths of the sandbox. */
  private static String withoutVariables(String settings) {
    ObjectNode json = (ObjectNode) ClientJson.MAPPER.readTree(settings);
    json.remove("env");
    return json.toString();
  }

  private static Map<String, String> variables(long example, StandInModel model, Path directory) {
    Map<String, String> variables = new HashMap<>();
    for (String word : ProcessUsage.words(example, "environ")) {
      int sign = word.indexOf('=');
      if (sign > 0) variables.put(word.substring(0, sign), word.substring(sign + 1));
    }
    List.of("ANTHROPIC_UNIX_SOCKET", "CLAUDE_CODE_SHELL_PREFIX", "PWD").forEach(variables::remove);
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    variables.put("ANTHROPIC_BASE_URL", model.url());
    for (String name : List.of("HOME", "CLAUDE_CONFIG_DIR", "CLAUDE_CODE_TMPDIR", "BUN_TMPDIR"))
      variables.put(name, directory.toString());
    return variables;
  }

  /** Sends a prompt and returns the milliseconds from the start of the process to its text. */
  double firstTextSinceSpawnMillis() throws IOException {
    double waited = (System.nanoTime() - spawnedAt) / 1e6;
    return waited + firstTextMillis();
  }

  /** Sends a prompt and returns the milliseconds until the first text; then awaits the result. */
  double firstTextMillis() throws IOException {
    long start = System.nanoTime();
    input.write(
        "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\""
            + BenchSession.PROMPT
            + "\"},\"parent_tool_use_id\":null}\n");
    input.flush();
    await("\"text_delta\"");
    double millis = (System.nanoTime() - start) / 1e6;
    await("\"type\":\"result\"");
    return millis;
  }

  private void await(String part) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine())
      if (line.contains(part)) return;
    throw new ServiceUnavailableException("The CLI that is driven directly has ended.");
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
