package io.agentledger.api.mcp;

import io.agentledger.api.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An MCP server as it stands; secrets are references.
 *
 * @param approvedDigest what an admin has agreed to; null before
 * @param snapshot what it was found to be last; null before
 * @param failure why it could not be looked at the last time; null if it could
 */
public record McpServerView(
    McpServerId id,
    UserId ownerId,
    String name,
    McpServerStatus status,
    boolean enabled,
    McpConnection connection,
    McpLimitsView limits,
    @Nullable String approvedDigest,
    @Nullable McpServerSnapshot snapshot,
    @Nullable String failure,
    @Nullable Instant checkedAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt) {}
