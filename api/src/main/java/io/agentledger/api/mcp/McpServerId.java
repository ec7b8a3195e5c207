package io.agentledger.api.mcp;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one MCP server of a tenant. */
@StableName("mcp_server")
public record McpServerId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "mcp";

  public McpServerId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static McpServerId next() {
    return new McpServerId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
