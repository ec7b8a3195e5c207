package io.agentledger.api.permission;

import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named group of tools. Rules, and the lists of allowed and disallowed tools of a session, refer
 * to it as {@code @name}.
 *
 * @param version from 1; a change must name the current one
 */
public record ToolGroupView(
    ToolGroupId id,
    String name,
    List<String> tools,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {}
