package io.agentledger.command.mcp.connection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Isolates the programs of stdio servers from the host, from sessions and from each other. */
public interface McpSandbox {
  /**
   * Returns the complete command line around a server's own.
   *
   * @param server name of the sandbox; sandboxes with the same name share only their uid
   * @param readable directories that it may read, in addition to the system's
   */
  List<String> sandboxedCommand(String server, List<String> command, List<Path> readable)
      throws IOException;
}
