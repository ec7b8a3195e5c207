package io.agentledger.command.mcp.connection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Keeps the programs of stdio servers apart: from the host, from sessions, from one another. */
public interface McpSandbox {
  /**
   * The whole command line around a server's own.
   *
   * @param server names the box; two of the same name share nothing but their uid
   * @param readable directories that it may read, beside the system's own
   */
  List<String> sandboxedCommand(String server, List<String> command, List<Path> readable)
      throws IOException;
}
