package io.agentledger.api.mcp;

import java.util.List;

/**
 * Description of an MCP server as a check found it. Its texts come from the server and are not
 * trusted.
 *
 * @param digest SHA-256, hex, of the snapshot and the connection: another command, tool,
 *     description or schema changes it
 * @param serverInfo name and version that the server reports
 * @param instructions the server's instructions for the model; empty for none
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

  /** A resource that the server offers. */
  public record Resource(String uri, String name) {}
}
