package io.agentledger.gateway.mcp;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/** What is agreed to: the digest of the findings that were read. */
record ApproveMcpServerRequest(
    @NotNull(message = DIGEST) @Pattern(regexp = "[0-9a-f]{64}", message = DIGEST) String digest) {
  private static final String DIGEST = "must be 64 hexadecimal digits in lower case";
}
