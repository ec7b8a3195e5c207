package io.agentledger.command.claude.sandbox;

import io.agentledger.command.mcp.connection.McpConnectionException;
import io.agentledger.command.mcp.connection.McpSandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sandbox of an MCP server program: no network, no files except those of the system and those that
 * the operator permits it to read, its own uid where sessions have uids, and no storage that
 * outlives it. Without a sandbox the program is a process of the service's user.
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
    // As for the CLI: signals that this process ignores would be inherited as ignored.
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

  /**
   * Returns a unique name, because the program of a server may be started again while another
   * instance is alive.
   */
  private String uniqueName(String server) {
    return server + "-" + count.incrementAndGet();
  }
}
