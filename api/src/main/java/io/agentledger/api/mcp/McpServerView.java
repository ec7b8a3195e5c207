package io.agentledger.api.mcp;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Current state of an MCP server; secrets are references.
 *
 * @param sessionId session that alone uses the server; null: sessions of the tenant
 * @param approvedDigest digest that an admin has approved; null before the first approval
 * @param snapshot last snapshot; null before the first check
 * @param failure error of the last check; null if it succeeded
 */
public record McpServerView(
    McpServerId id,
    UserId ownerId,
    String name,
    @Nullable SessionId sessionId,
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
