package io.agentledger.client.bench;

import io.agentledger.client.support.ClientConfig;
import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Service that the benchmark starts for itself, on a home directory and ports of its own, with the
 * settings of a default installation. Its model is the benchmark's {@link StandInModel}.
 */
final class BenchService implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(5);
  private static final Duration STOP_MAX = Duration.ofSeconds(60);
  private static final int DELETE_ATTEMPTS = 10;
  private static final String OWNER = "agentledger_owner";

  /** Status of a process after SIGINT and SIGTERM. */
  private static final Set<Integer> SIGNALLED = Set.of(130, 143);

  /** Names of threads of the JIT compilers, as the kernel shortens them. */
  private static final Pattern COMPILERS = Pattern.compile("C[12] Compiler");

  private final String launcher;
  private final Path directory;
  private final Path home;

  private Map<String, String> settings = Map.of();
  private volatile @Nullable Process process;
  private @Nullable ClientConfig config;
  private volatile boolean ready;
  private volatile boolean closed;

  /**
   * @param launcher the script {@code agentledger}, or a program that runs the service as it does
   * @param directory for the home and the log
   */
  BenchService(String launcher, Path directory) {
    this.launcher = launcher;
    this.directory = directory;
    this.home = directory.resolve("home");
  }

  /**
   * Starts the service for the first time.
   *
   * @param variables environment variables beside those of a default installation
   */
  void start(Map<String, String> variables) throws IOException, InterruptedException {
    settings = Map.copyOf(variables);
    start();
  }

  /** Starts the service and waits until it is ready. */
  void start() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(launcher, "serve");
    Map<String, String> variables = builder.environment();
    String javaOptions = variables.get("AGENTLEDGER_JAVA_OPTS");
    variables
        .keySet()
        .removeIf(name -> name.matches("(AGENTLEDGER|ANTHROPIC|CLAUDE|OTEL|SENTRY|SPRING)_.*"));
    if (javaOptions != null) variables.put("AGENTLEDGER_JAVA_OPTS", javaOptions);
    variables.put("AGENTLEDGER_HOME", home.toString());
    variables.put("AGENTLEDGER_AOT_CACHE_DELAY", "never"); // Its training would be measured, too.
    variables.put("AGENTLEDGER_PORT", "0");
    variables.put("AGENTLEDGER_RSOCKET_PORT", "0");
    variables.putAll(settings);
    start(builder);
  }

  /**
   * Stops the service and starts it as {@code java -jar} would: by its command line, but without
   * the options that the launcher gives to the JVM, and without generated bean definitions.
   *
   * @return the time of the start, by {@link System#nanoTime}
   */
  long restartPlainly() throws IOException, InterruptedException {
    Path running = Path.of("/proc", Long.toString(pid()));
    List<String> line = new ArrayList<>(zeroTerminated(running.resolve("cmdline")));
    line.removeIf(argument -> argument.matches("-X(X:|log|m).*"));
    line.add(1, "-Dspring.aot.enabled=false");
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(running.resolve("cwd").toRealPath().toFile());
    builder.environment().clear();
    for (String variable : zeroTerminated(running.resolve("environ"))) {
      int equals = variable.indexOf('=');
      builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    stop();
    long start = System.nanoTime();
    start(builder);
    return start;
  }

  private static List<String> zeroTerminated(Path file) throws IOException {
    return List.of(Files.readString(file).split("\0"));
  }

  private void start(ProcessBuilder builder) throws IOException, InterruptedException {
    builder.redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    Process starting;
    synchronized (this) {
      if (closed) throw new InterruptedException();
      starting = builder.start();
      process = starting;
    }
    long deadline = System.nanoTime() + START_MAX.toNanos();
    while (!isReady()) {
      if (closed) throw new InterruptedException();
      if (!starting.isAlive() && SIGNALLED.contains(starting.exitValue()))
        throw new ServiceUnavailableException("A signal ended the service of the benchmark.");
      if (!starting.isAlive() || System.nanoTime() > deadline)
        throw new ServiceUnavailableException(
            "The service of the benchmark did not start." + endOfLog());
      Thread.sleep(10);
    }
    config = ClientConfig.fromHome(home);
    ready = true;
  }

  /** Returns whether the program is ending, by a signal or regularly. */
  boolean isClosed() {
    return closed;
  }

  private boolean isReady() throws IOException {
    Path file = home.resolve("service.json");
    if (Files.notExists(file)) return false;
    try {
      return ClientJson.MAPPER.readTree(Files.readString(file)).path("pid").asLong() == pid();
    } catch (JacksonException unfinished) {
      return false;
    }
  }

  private Path log() {
    return directory.resolve("serve.log");
  }

  /** Returns the end of the log if the service has ended by itself; empty otherwise. */
  String describeEnd() {
    Process started = process;
    if (closed || started == null || started.isAlive()) return "";
    return ". The service has ended with status " + started.exitValue() + "." + endOfLog();
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log());
      int from = Math.max(0, lines.size() - 20);
      return " The end of its log:\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException unreadable) {
      return " It has no log: " + unreadable;
    }
  }

  long pid() {
    return Objects.requireNonNull(process).pid();
  }

  /** Returns the directory of sessions; it is elsewhere if their uids cannot reach the home. */
  Path runDirectory() throws IOException {
    Path elsewhere = home.resolve("run.path");
    return Files.exists(elsewhere)
        ? Path.of(Files.readString(elsewhere).strip())
        : home.resolve("run");
  }

  private List<String> postmaster() throws IOException {
    return Files.readAllLines(home.resolve("database/data/postmaster.pid"));
  }

  /** Returns the CPU seconds of the service's JVM. */
  double cpuSeconds() {
    return ProcessUsage.cpuSeconds(pid());
  }

  /** Returns the CPU seconds of the JIT compilers of the service's JVM. */
  double compilerCpuSeconds() {
    return ProcessUsage.threadCpuSeconds(pid(), COMPILERS);
  }

  /** Returns the CPU seconds of PostgreSQL, with the connections that were closed. */
  double postgresCpuSeconds() throws IOException {
    return ProcessUsage.treeCpuSeconds(Long.parseLong(postmaster().getFirst().strip()));
  }

  /** Connects to the service's database as the owner of its tables. */
  Connection connect() throws IOException, SQLException {
    return connect("agentledger", OWNER, "owner");
  }

  /** Connects beside the service's database, so that its statistics do not count this. */
  Connection connectBeside() throws IOException, SQLException {
    return connect("postgres", "postgres", "superuser");
  }

  private Connection connect(String database, String user, String password)
      throws IOException, SQLException {
    Properties passwords = new Properties();
    try (InputStream file = Files.newInputStream(home.resolve("keys/postgres.properties"))) {
      passwords.load(file);
    }
    String address = "jdbc:postgresql://127.0.0.1:" + postmaster().get(3).strip() + "/" + database;
    String binary = "?prepareThreshold=-1"; // Else only after some executions.
    return DriverManager.getConnection(address + binary, user, passwords.getProperty(password));
  }

  /** Returns a request to read, of the owner. */
  BenchRequest request(String path) {
    ClientConfig current = Objects.requireNonNull(config);
    return BenchRequest.get(current.baseUrl().resolve(path), "Bearer " + current.apiKey());
  }

  /** Returns where the service listens. */
  SocketAddress address() {
    URI url = Objects.requireNonNull(config).baseUrl();
    return new InetSocketAddress(url.getHost(), url.getPort());
  }

  /** Returns the text of a GET request. */
  String rawRequest(String path) {
    ClientConfig current = Objects.requireNonNull(config);
    return "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(path, current.baseUrl().getAuthority(), current.apiKey());
  }

  /** Sends a request and returns the JSON of its response; fails unless it is a success. */
  JsonNode send(BenchRequest request) throws IOException {
    String body = request.send();
    return ClientJson.MAPPER.readTree(body.isEmpty() ? "null" : body);
  }

  /** Stops the service as {@code agentledger stop --now} does; its home remains. */
  void stop() throws InterruptedException {
    Process running = process;
    if (running == null) return;
    List<ProcessHandle> descendants = running.descendants().toList();
    if (ready) running.destroy();
    else running.destroyForcibly(); // A start ends only after a minute otherwise.
    ready = false;
    if (!running.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) running.destroyForcibly();
    // Runs go on without a service. A handle does not end another process that reuses its pid.
    for (ProcessHandle descendant : descendants) descendant.destroyForcibly();
    endDatabase();
  }

  /** A service that is killed leaves its database behind. */
  private void endDatabase() {
    try {
      long postmaster = Long.parseLong(postmaster().getFirst().strip());
      if (ProcessUsage.words(postmaster, "cmdline").contains(home.resolve("database/data") + ""))
        ProcessHandle.of(postmaster).ifPresent(ProcessHandle::destroy);
    } catch (IOException | RuntimeException stopped) {
      // There is no file after a regular stop.
    }
  }

  /**
   * Stops the service and deletes its files. Repeating it does nothing; a concurrent call waits, so
   * that the program does not end before.
   */
  @Override
  public synchronized void close() throws InterruptedException {
    if (closed) return;
    closed = true;
    stop();
    try {
      Path run = runDirectory();
      delete(run);
      delete(directory);
    } catch (IOException exception) {
      throw new ServiceUnavailableException(
          "The files of the benchmark in " + directory + " were not deleted: " + exception,
          exception);
    }
  }

  /** A process that was killed may create a file while others are deleted. */
  private static void delete(Path tree) throws IOException, InterruptedException {
    for (int attempt = 1; Files.exists(tree); attempt++) {
      try (Stream<Path> found = Files.walk(tree)) {
        for (Path path : found.toList().reversed()) Files.deleteIfExists(path);
      } catch (IOException | UncheckedIOException exception) {
        if (attempt == DELETE_ATTEMPTS) throw new IOException(exception);
        Thread.sleep(200);
      }
    }
  }
}
