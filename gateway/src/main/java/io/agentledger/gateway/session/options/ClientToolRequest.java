package io.agentledger.gateway.session.options;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.shared.Json;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A tool that the client executes: a call waits for an {@code answer_tool} input.
 *
 * @param inputSchema a JSON schema, an object of type {@code object}
 */
public record ClientToolRequest(
    @NotNull(message = NAME_RULE) @Pattern(regexp = "[A-Za-z0-9_-]{1,64}", message = NAME_RULE)
        String name,
    @NotNull(message = "is required")
        @Size(max = 10_000, message = "must be at most 10000 characters")
        String description,
    @NotNull(message = "is required") Json inputSchema) {
  private static final String NAME_RULE = "must be 1 to 64 letters, digits, - or _";
  static final int SCHEMA_LENGTH_MAX = 65_536;

  public ClientTool toTool() {
    return new ClientTool(name, description, inputSchema);
  }
}
