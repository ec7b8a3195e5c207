package io.agentledger.gateway.service;

import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.AgentledgerApplication;
import io.agentledger.store.TestInstallation;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service in a separate JVM, on a home directory that survives it, so that it can be killed.
 * Ports are the same at every start.
 */
final class ServiceProcess implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(4);

  private final Path home;
  private final int port = freePort();
  private final int rsocketPort = freePort();
  private final List<String> settings;
  private final Map<String, String> variables;
  private Process process;

  private ServiceProcess(Path home, Map<String, String> variables, List<String> settings) {
    this.home = home;
    this.variables = variables;
    this.settings = settings;
  }

  /**
   * Starts a service and waits until it is ready.
   *
   * @param settings further ones, {@code --name=value}
   */
  static ServiceProcess start(Path home, String... settings) {
    return start(home, Map.of(), settings);
  }

  /** Starts a service with further environment variables. */
  static ServiceProcess start(Path home, Map<String, String> variables, String... settings) {
    var service = new ServiceProcess(home, variables, List.of(settings));
    TestInstallation.prepare(home, service.settings);
    service.start();
    return service;
  }

  void start() {
    var line = new ArrayList<>(commandLine());
    line.addAll(settingsOfTests());
    line.addAll(settings);
    try {
      var builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().keySet().removeIf(ServiceProcess::isInheritedVariable);
      builder
          .environment()
          .putAll(
              Map.of(
                  "AGENTLEDGER_HOME", home.toString(),
                  "AGENTLEDGER_PORT", Integer.toString(port),
                  "AGENTLEDGER_RSOCKET_PORT", Integer.toString(rsocketPort),
                  "CLAUDE_CLI_PATH", ClaudeBinary.path().toString()));
      builder.environment().putAll(variables);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await().atMost(READY).pollInterval(Duration.ofMillis(100)).until(this::isReady);
    TestInstallation.endProcessesAtExit(home);
  }

  /** Returns the command line of a service without settings of a test. */
  static List<String> commandLine() {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "-Xmx512m",
            // C2 costs a short test more than it saves; figures need it.
            Boolean.getBoolean("test.service.c2")
                ? "-XX:+TieredCompilation"
                : "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:ReservedCodeCacheSize=240m", // A small one causes full collections.
            "--enable-native-access=ALL-UNNAMED",
            "-Xlog:aot*=error", // An archive that does not match only costs time.
            "-Xlog:cds*=off")); // Native access disables the JDK's own archive.
    line.addAll(program());
    line.add("--agentledger.postgres.binaries=" + TestInstallation.postgresSettings().binaries());
    return line;
  }

  /**
   * Returns the packaged service with its AOT cache, if the build has prepared them ({@code
   * archive-service.sh}); otherwise the class path of the tests.
   */
  private static List<String> program() {
    String main = AgentledgerApplication.class.getName();
    String jar = System.getProperty("test.service.jar");
    if (jar == null) return List.of("-cp", System.getProperty("java.class.path"), main);
    String cache = System.getProperty("test.service.cache");
    String definitions = cache.replaceFirst("[.]aot$", ".jar");
    return List.of("-XX:AOTCache=" + cache, "-cp", jar + File.pathSeparator + definitions, main);
  }

  /** Returns the settings of the build that apply to services in the test's own JVM. */
  private static List<String> settingsOfTests() {
    return System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("agentledger.") || name.startsWith("spring.datasource."))
        .map(name -> "--" + name + "=" + System.getProperty(name))
        .toList();
  }

  /**
   * Returns whether the service inherits a variable; the developer's environment must not affect
   * tests.
   */
  private static boolean isInheritedVariable(String name) {
    return name.startsWith("AGENTLEDGER_")
        || name.startsWith("ANTHROPIC_")
        || name.startsWith("CLAUDE_")
        || name.startsWith("OTEL_")
        || name.startsWith("SENTRY_")
        || name.startsWith("SPRING_");
  }

  private boolean isReady() {
    if (!process.isAlive())
      throw new IllegalStateException("the service ended while starting; its log: " + tailOfLog());
    Path file = home.resolve("service.json");
    if (!Files.exists(file)) return false;
    try {
      JsonNode response = new JsonMapper().readTree(Files.readString(file));
      return response.path("pid").asLong() == process.pid();
    } catch (IOException | RuntimeException halfWritten) {
      return false;
    }
  }

  Path runDirectory() {
    return TestInstallation.runDirectory(home);
  }

  Path log() {
    return home.resolveSibling(home.getFileName() + ".log");
  }

  String tailOfLog() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "none: " + e.getMessage();
    }
  }

  /** Returns a client of the local owner. */
  RawApiClient client() {
    return client(ownerKey());
  }

  String ownerKey() {
    try {
      return Files.readString(home.resolve("owner.key")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a client with a key or a token. */
  RawApiClient client(String secret) {
    return new RawApiClient(address(), secret);
  }

  /** Returns a client without credentials. */
  RawApiClient anonymousClient() {
    return client("");
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  int rsocketPort() {
    return rsocketPort;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Kills the process as the kernel does when memory is short: no hook runs, and nothing is
   * flushed.
   */
  void killForcibly() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Stops the service as an operator does. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      killForcibly();
      throw new IllegalStateException("the service does not stop; its log: " + tailOfLog());
    }
  }

  /**
   * Stops the service and its processes: those that outlive a killed service are stopped by its
   * next start.
   */
  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) stop();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
