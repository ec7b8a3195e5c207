package io.agentledger.command.claude.sandbox;

import io.agentledger.command.mcp.connection.McpConnectionException;
import io.agentledger.command.mcp.connection.McpSandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The box of an MCP server's program: no network, no files but the system's own and what the
 * operator lets it read, a uid of its own where sessions have theirs, and nothing that stays when
 * it ends. Without a sandbox it is a process of the service's user.
 */
public final class McpServerSandbox implements McpSandbox {
  private final RunDirectory runDirectory;
  private final Sandbox sandbox;
  private final AtomicLong count = new AtomicLong();

  public McpServerSandbox(RunDirectory runDirectory, Sandbox sandbox) {
    this.runDirectory = runDirectory;
    this.sandbox = sandbox;
  }

  @Override
  public List<String> sandboxedCommand(String server, List<String> command, List<Path> readable)
      throws IOException {
    if (!sandbox.isEnabled()) {
      throw new McpConnectionException(
          "programs are started in a sandbox only, and this node has none");
    }
    List<String> line = new ArrayList<>();
    // As for the CLI: signals that a shell had us ignore would be inherited as ignored.
    line.addAll(List.of("setsid", "env", "--default-signal=HUP,INT,QUIT,TERM"));
    line.add(runDirectory.mcpSupervisorScript().toString());
    line.addAll(
        sandbox.baseCommand(
            runDirectory.sessionPaths(server, sandbox.ownUids()),
            uniqueName(server),
            SeccompFilter.Profile.COMMANDS));
    line.add("--disable-userns");
    line.addAll(List.of("--size", Sandbox.SCRATCH_BYTES, "--tmpfs", "/tmp"));
    line.addAll(List.of("--size", Sandbox.SCRATCH_BYTES, "--tmpfs", "/home"));
    line.addAll(List.of("--dir", "/home/server"));
    for (Path path : readable) {
      line.addAll(List.of("--ro-bind", path.toString(), path.toString()));
    }
    line.addAll(List.of("--remount-ro", "/", "--chdir", "/home/server", "--"));
    line.addAll(sandbox.resourceLimiter().limitPrefix());
    line.addAll(command);
    return line;
  }

  /** A server's program may be started again while another one of it is alive. */
  private String uniqueName(String server) {
    return server + "-" + count.incrementAndGet();
  }
}
