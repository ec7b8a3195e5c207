package io.agentledger.gateway.mcp;

import io.agentledger.api.mcp.McpConnection;
import java.util.List;
import java.util.Map;

/**
 * Template of a well-known server. Its name and connection can be registered once the required
 * secrets are in a vault and the placeholders of the connection refer to them.
 *
 * @param requiredInputs description of the required secrets; empty for none
 */
record McpServerTemplate(
    String name, String description, McpConnection connection, List<String> requiredInputs) {
  private static final String BEARER = "Bearer ${vault:VAULT/NAME}";

  static final List<McpServerTemplate> ALL =
      List.of(
          withoutToken(
              "deepwiki", "Questions about public repositories", "https://mcp.deepwiki.com/mcp"),
          withoutToken("context7", "Documentation of libraries", "https://mcp.context7.com/mcp"),
          withToken(
              "github",
              "Repositories, issues and pull requests",
              "https://api.githubcopilot.com/mcp/"),
          withToken("huggingface", "Models, data sets and papers", "https://huggingface.co/mcp"),
          withToken("linear", "Issues and projects", "https://mcp.linear.app/mcp"),
          withToken("notion", "Pages and databases", "https://mcp.notion.com/mcp"),
          withToken("sentry", "Errors and their traces", "https://mcp.sentry.dev/mcp"),
          new McpServerTemplate(
              "everything",
              "The reference server that shows every part of the protocol; its package has to lie"
                  + " in one of agentledger.mcp.programs",
              new McpConnection.Stdio(
                  "node",
                  List.of(
                      "${MCP_PACKAGES:-/opt/mcp}/node_modules"
                          + "/@modelcontextprotocol/server-everything/dist/index.js"),
                  Map.of()),
              List.of()));

  private static McpServerTemplate withoutToken(String name, String about, String url) {
    return new McpServerTemplate(name, about, new McpConnection.Http(url, Map.of()), List.of());
  }

  private static McpServerTemplate withToken(String name, String about, String url) {
    return new McpServerTemplate(
        name,
        about,
        new McpConnection.Http(url, Map.of("Authorization", BEARER)),
        List.of("an access token, put into a vault as static_bearer for " + url));
  }
}
