package io.agentledger.gateway.mcp;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand;
import io.agentledger.api.session.SessionTools;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** Request to register or change an MCP server. */
record McpServerRequest(
    @NotNull(message = NAME_RULE) @Pattern(regexp = McpServerCommand.NAME, message = NAME_RULE)
        String name,
    @NotNull(message = "is required") @Valid McpConnectionRequest connection,
    @Nullable @Valid McpLimitsRequest limits) {
  static final String NAME_RULE =
      "must be 1 to 63 letters, digits, - or single _, and begin with a letter or digit";

  /** Returns the name; rejects the reserved one. */
  String toName() {
    if (name.equals(SessionTools.CLIENT))
      throw InvalidRequestException.body(
          "/name", "must not be client: the client's own tools have that name");
    return name;
  }

  McpLimits toLimits() {
    return McpLimitsRequest.toLimits(limits);
  }

  McpConnection toConnection() {
    return connection.toConnection("/connection");
  }
}
