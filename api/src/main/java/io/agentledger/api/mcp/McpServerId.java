package io.agentledger.api.mcp;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one MCP server of a tenant. */
@StableName("mcp_server")
public record McpServerId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "mcp";

  public McpServerId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static McpServerId next() {
    return new McpServerId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
