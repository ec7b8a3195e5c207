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
 * @param sharedWith sorted; null for callers who may not change it
 * @param version from 1; a change must name the current one
 */
public record AgentView(
    AgentId id,
    UserId ownerId,
    AgentSharing sharing,
    @Nullable List<UserId> sharedWith,
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
  /**
   * Returns the same as for users who may use it, but not change it.
   *
   * @param redacted fields of a session without values
   */
  public AgentView redacted(Json redacted) {
    return new AgentView(
        id,
        ownerId,
        sharing,
        null,
        name,
        description,
        redacted,
        instructions,
        skills,
        writableFolders,
        version,
        createdAt,
        updatedAt,
        archivedAt);
  }
}
