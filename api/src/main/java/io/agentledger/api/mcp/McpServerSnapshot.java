package io.agentledger.api.mcp;

import java.util.List;

/**
 * Description of an MCP server as a check found it. Its texts come from the server and are not
 * trusted.
 *
 * @param digest SHA-256, hex, of all that was found and of how it is reached: another command,
 *     tool, description or schema is another digest
 * @param serverInfo the name and version that it gives itself
 * @param instructions what it would tell a model about itself; empty for nothing
 */
public record McpServerSnapshot(
    String digest,
    String serverInfo,
    String instructions,
    List<Tool> tools,
    List<Resource> resources) {
  public McpServerSnapshot {
    tools = List.copyOf(tools);
    resources = List.copyOf(resources);
  }

  /**
   * @param digest SHA-256, hex, of the whole tool, its schemas included
   */
  public record Tool(String name, String description, String digest) {}

  /** Something that it offers to read. */
  public record Resource(String uri, String name) {}
}
