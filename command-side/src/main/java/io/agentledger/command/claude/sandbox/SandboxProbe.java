package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.TreeDeleter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Verifies which sandbox works on this host by running the whole chain with a harmless command. */
final class SandboxProbe {
  private static final String CHAIN_COMMAND =
      "test -r /proc/self/status && test ! -e /run/model && test ! -e /opt/claude"
          + " && test -w /workspace && ln -sfn . /tmp/link && test -d /tmp/link/. && ! touch /made 2>/dev/null && ! unshare -U true 2>/dev/null"
          + " && echo nested-ok";

  /**
   * Connects to the bridge. There is no proxy behind it, so the bridge answers with HTTP status
   * 503.
   */
  private static final String EGRESS_COMMAND =
      "exec 3<>/dev/tcp/127.0.0.1/3128 && read -r said <&3 && case $said in"
          + " HTTP/1.1*503*) test \"$https_proxy\" && echo egress-ok;; esac";

  private static final int TIMEOUT_SECONDS = 10;

  private final Sandbox sandbox;
  private final SessionPaths session;

  SandboxProbe(Sandbox sandbox, RunDirectory runDirectory) throws IOException {
    this.sandbox = sandbox;
    this.session = runDirectory.sessionPaths("probe", sandbox.ownUids());
  }

  /**
   * @return empty if the sandbox works, else the error
   */
  String probeChain() throws IOException {
    if (!SeccompFilter.isSupported()) {
      return "the system calls of "
          + System.getProperty("os.arch")
          + " are not known to the filter";
    }
    return run(CHAIN_COMMAND, "nested-ok");
  }

  /**
   * @throws IOException if commands cannot reach an egress proxy; the message names what is missing
   */
  void probeEgress() throws IOException {
    session.createEgress(Sandbox.COMMAND_EGRESS);
    session.createEgress(Sandbox.FETCH_EGRESS); // The command starts behind the CLI's bridge, too.
    try {
      String fault = run(EGRESS_COMMAND, "egress-ok");
      if (!fault.isEmpty()) {
        throw new IOException(
            "agentledger.claude.egress.enabled is true, but the bridge to the egress proxy does not run"
                + " in a sandbox here; it needs perl (package perl-base): "
                + fault);
      }
    } finally {
      TreeDeleter.deleteTree(session.egress());
    }
  }

  private String run(String command, String expectedOutput) throws IOException {
    String name = "probe-" + Long.toHexString(System.nanoTime());
    List<String> line =
        sandbox.command(session, name, List.of("/opt/agentledger/shell-sandbox", command));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "no result within " + TIMEOUT_SECONDS + " s";
      }
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return text.endsWith(expectedOutput) ? "" : text.isEmpty() ? "a test failed inside" : text;
    } catch (IOException missing) {
      return String.valueOf(missing.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while probing the sandbox", interrupted);
    } finally {
      sandbox.resourceLimiter().release(name);
    }
  }

  private Map<String, String> environment() {
    SandboxPaths sandboxPaths = sandbox.sandboxPaths(session);
    return Map.of(
        "PATH",
        Sandbox.PATH,
        "HOME",
        sandboxPaths.home().toString(),
        "PWD",
        sandboxPaths.workspace().toString());
  }
}
