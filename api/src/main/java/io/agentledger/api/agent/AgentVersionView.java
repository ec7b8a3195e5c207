package io.agentledger.api.agent;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Version of an agent with its author. */
public record AgentVersionView(
    long version,
    AgentSharing sharing,
    String name,
    @Nullable String description,
    Json session,
    @Nullable String instructions,
    List<AgentSkill> skills,
    List<String> writableFolders,
    boolean archived,
    Actor actor,
    Instant at) {
  /** Returns the same with other fields of a session. */
  public AgentVersionView withSession(Json other) {
    return new AgentVersionView(
        version,
        sharing,
        name,
        description,
        other,
        instructions,
        skills,
        writableFolders,
        archived,
        actor,
        at);
  }
}
