package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Service with an agent that attacks, files to protect, and another session. */
abstract class EscapeTestSupport extends RunnerTestSupport {
  static final RunOverrides BYPASS =
      new RunOverrides(null, PermissionMode.BYPASS_PERMISSIONS, null, null, null, null);

  private static final int TIMEOUT_SECONDS = 60;

  @Autowired Sandbox sandbox;
  @Autowired NodeHome home;
  @Autowired WorkspaceQuota rooms;

  @Value("${spring.datasource.url}")
  String database;

  final String nonce = UUID.randomUUID().toString().substring(0, 8);
  final Map<String, String> secrets = new LinkedHashMap<>();
  final Map<String, String> surroundings = new LinkedHashMap<>();
  final List<SessionId> sessions = new ArrayList<>();
  EscapeReport report;

  /** Permits the mode bypassPermissions. */
  private @Nullable PolicyId policy;

  SessionId neighbour;
  SessionId agent;
  private Process helper;
  private ServerSocket port;

  /** Lets the session's agent make the calls, and waits until the run has completed. */
  List<ToolCalled> act(SessionId sessionId, List<Call> calls) {
    session = sessionId;
    return act(calls.toArray(Call[]::new));
  }

  void act(SessionId sessionId, String command) {
    act(sessionId, List.of(Call.bash(command)));
  }

  SessionId openSession(RunOverrides overrides) {
    open(overrides);
    sessions.add(session);
    return session;
  }

  /** Returns the session of tests that do not affect each other. */
  SessionId sharedGuest() {
    openShared(() -> openSession(BYPASS));
    return session;
  }

  SessionPaths files(SessionId sessionId) throws IOException {
    return runDirectory.sessionPaths(sessionId.value(), sandbox.ownUids());
  }

  /** Returns the output of the session's last call. */
  String lastOutput() {
    var returned = events(ToolReturned.class).getLast();
    return sealer.open(session, ToolReturned.class, "output", returned.output());
  }

  /** Returns the levels at which the attacks are executed. */
  Set<SandboxLevel> levels() {
    return EnumSet.of(SandboxLevel.FULL);
  }

  @Override
  void writeWorkspaceFile(String name, String text) throws IOException {
    Path file = files(session).workspace().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Starts an agent and a neighbour, and creates the files that attacks aim at. */
  void start() throws IOException {
    startReport();
    neighbour = openSession(BYPASS);
    act(neighbour, "echo hello");
    agent = openSession(BYPASS);
    act(agent, "echo hello");
    prepareTargets();
  }

  /** Starts the report of tests that open their sessions themselves. */
  void startReport() {
    if (!levels().contains(sandbox.level())) {
      String message = "ESCAPE TESTS SKIPPED: no box of level full here: " + sandbox.levelReason();
      System.err.println(message);
      Assumptions.abort(message);
    }
    String file = getClass().getSimpleName().replace("IT", "").toLowerCase(Locale.ROOT);
    report =
        new EscapeReport(
            file + "-report.md", new ArrayList<>(sandbox.resourceLimiter().describeEnforced()));
    var definition = new PolicyDefinition(true, true, List.of());
    policy = PolicyId.next();
    send(new CreatePolicy(policy, new PolicyScope.Tenant(), "all", definition, null));
  }

  private void prepareTargets() throws IOException {
    Path secret = files(neighbour).workspace().resolve("secret.txt");
    secrets.put("@SECRET", "secret-" + nonce);
    Files.writeString(secret, secrets.get("@SECRET"));
    Path master = home.root().resolve("keys/master.json");
    secrets.put("@MASTER", Files.readString(master).strip().lines().findFirst().orElseThrow());
    secrets.put("@TOKEN", "token-" + nonce);
    secrets.put("@BANNER", "banner-" + nonce);
    secrets.put(
        "@SERVICE",
        System.getenv().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .filter(entry -> !entry.contains("\n"))
            .max(Comparator.comparing(String::length))
            .orElseThrow());
    var quiet = new ProcessBuilder("sleep", "600");
    quiet.environment().put("TOKEN", secrets.get("@TOKEN"));
    helper = quiet.start();
    port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::acceptConnection);
    URI address = URI.create(database.substring("jdbc:".length()));
    surroundings.put("OTHER_FILE", secret.toString());
    surroundings.put("SESSIONS", runDirectory.sessions().toString());
    surroundings.put("MASTER_KEY", master.toString());
    surroundings.put("HELPER", Long.toString(helper.pid()));
    surroundings.put("DATABASE", Integer.toString(address.getPort()));
    surroundings.put("PORT", Integer.toString(port.getLocalPort()));
    surroundings.put("OTHER_SOCKET", socket(neighbour));
  }

  private String socket(SessionId sessionId) throws IOException {
    return files(sessionId).sockets().resolve(SessionPaths.MODEL_SOCKET).toString();
  }

  private void acceptConnection() {
    while (!port.isClosed()) {
      try (Socket caller = port.accept()) {
        caller
            .getOutputStream()
            .write((secrets.get("@BANNER") + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException closed) {
        // The test has ended, or the client closed the connection early.
      }
    }
  }

  boolean isHelperAlive() {
    return helper.isAlive();
  }

  Pattern successPattern(Attack attack) {
    return attack.won().startsWith("@")
        ? Pattern.compile(Pattern.quote(secrets.get(attack.won())))
        : Pattern.compile(attack.won());
  }

  /** Writes all attacks into the agent's workspace, with a script that executes them. */
  void installAttackScripts(List<Attack> attacks) throws IOException {
    Path work = files(agent).workspace();
    for (String folder : List.of("attacks", "came")) {
      files(agent).chown(Files.createDirectories(work.resolve(folder)));
    }
    for (int i = 0; i < attacks.size(); i++) {
      Files.writeString(work.resolve("attacks/%03d.sh".formatted(i)), attacks.get(i).script());
    }
    var all = new StringBuilder("export BOXED=1 SCRATCH=/workspace\n");
    all.append("export OWN_SOCKET=/run/model/model CLI_CONFIG=/home/agent/.claude\n");
    surroundings.forEach((name, value) -> all.append("export %s='%s'\n".formatted(name, value)));
    all.append(
        """
        for each in /workspace/attacks/*.sh; do
          timeout -s KILL 10 bash "$each" >"/workspace/came/$(basename "$each" .sh).$1" 2>&1 </dev/null
        done
        echo all were tried
        """);
    Files.writeString(work.resolve("attacks.bash"), all);
  }

  String attackOutput(int attack, String from) throws IOException {
    byte[] payload =
        Files.readAllBytes(
            files(agent).workspace().resolve("came/%03d.%s".formatted(attack, from)));
    return new String(payload, StandardCharsets.UTF_8);
  }

  /**
   * Executes the script without restrictions: as the service's own user, outside of every sandbox.
   */
  String runOutsideSandbox(String script) throws IOException {
    Path scratch = Files.createDirectories(runDirectory.root().resolve("scratch"));
    var builder = new ProcessBuilder("timeout", "-s", "KILL", "20", "bash", "-c", script);
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(surroundings);
    builder.environment().put("SCRATCH", scratch.toString());
    builder.environment().put("OWN_SOCKET", socket(agent));
    builder.environment().put("CLI_CONFIG", files(agent).home().resolve(".claude").toString());
    return output(builder);
  }

  /**
   * Executes the command as the agent's user in the outer sandbox, where the CLI is, as a
   * compromised CLI could. The shells on its path are those of commands; others are below
   * /run/commands.
   */
  String runAsCliSibling(List<String> command) throws IOException {
    return runInBox(sandbox.command(files(agent), "outer-" + nonce, command));
  }

  /** Sets the variables of a CLI that name programs and directories. */
  static String runInBox(List<String> line) throws IOException {
    var builder = new ProcessBuilder(line);
    builder.environment().clear();
    builder.environment().put("PATH", Sandbox.PATH);
    builder.environment().put("HOME", "/home/agent");
    builder.environment().put("PWD", "/workspace");
    return output(builder);
  }

  static String output(ProcessBuilder builder) throws IOException {
    Process process = builder.redirectErrorStream(true).start();
    try (var output = process.getInputStream()) {
      process.getOutputStream().close();
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
      return text;
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    } finally {
      process.destroyForcibly();
    }
  }

  void stop() throws IOException {
    if (report != null) report.write();
    if (policy != null) send(new ArchivePolicy(policy)); // Other classes use the same tenant.
    if (helper != null) helper.destroyForcibly();
    if (port != null) port.close();
    sessions.forEach(sessionId -> pool.find(sessionId).ifPresent(ProcessSupervisor::terminate));
  }
}
