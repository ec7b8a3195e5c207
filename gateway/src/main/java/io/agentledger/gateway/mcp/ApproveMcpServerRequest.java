package io.agentledger.gateway.mcp;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/** Approval of an MCP server, by the digest of the snapshot that was reviewed. */
record ApproveMcpServerRequest(
    @NotNull(message = DIGEST) @Pattern(regexp = "[0-9a-f]{64}", message = DIGEST) String digest) {
  private static final String DIGEST = "must be 64 hexadecimal digits in lower case";
}
