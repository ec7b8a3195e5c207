package io.agentledger.api.agent;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Current state of an agent.
 *
 * @param version from 1; a change must name the current one
 */
public record AgentView(
    AgentId id,
    UserId ownerId,
    AgentSharing sharing,
    String name,
    @Nullable String description,
    Json session,
    @Nullable String instructions,
    List<AgentSkill> skills,
    List<String> writableFolders,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {
  /** Returns the same with other fields of a session. */
  public AgentView withSession(Json other) {
    return new AgentView(
        id,
        ownerId,
        sharing,
        name,
        description,
        other,
        instructions,
        skills,
        writableFolders,
        version,
        createdAt,
        updatedAt,
        archivedAt);
  }
}
