package io.agentledger.api.mcp;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;

/** Names one MCP server of a tenant. */
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
