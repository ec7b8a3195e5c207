package io.agentledger.api.agent;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Version of an agent with its author. {@code sharedWith} is null for callers who may not change
 * it.
 */
public record AgentVersionView(
    long version,
    AgentSharing sharing,
    @Nullable List<UserId> sharedWith,
    String name,
    @Nullable String description,
    Json session,
    @Nullable String instructions,
    List<AgentSkill> skills,
    List<String> writableFolders,
    boolean archived,
    Actor actor,
    Instant at) {
  /**
   * Returns the same as for users who may use it, but not change it.
   *
   * @param redacted fields of a session without values
   */
  public AgentVersionView redacted(Json redacted) {
    return new AgentVersionView(
        version,
        sharing,
        null,
        name,
        description,
        redacted,
        instructions,
        skills,
        writableFolders,
        archived,
        actor,
        at);
  }
}
