package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentDefinition;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.validation.ConfigurationName;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Request to create or replace an agent.
 *
 * @param name unique in the tenant among agents that are not archived
 * @param sharing private if omitted
 * @param session fields of its sessions, as for {@code POST /api/v1/sessions}
 * @param instructions text of its CLAUDE.md, which follows the system prompt
 */
record AgentRequest(
    @ConfigurationName String name,
    @Nullable AgentSharing sharing,
    @Nullable @Size(max = 2000, message = "must be at most 2000 characters") String description,
    @Nullable Json session,
    @Nullable
        @Size(
            min = 1,
            max = AgentDefinition.INSTRUCTIONS_LENGTH_MAX,
            message = "must be 1 to 50000 characters")
        String instructions) {
  AgentSharing sharingOrPrivate() {
    return sharing == null ? AgentSharing.PRIVATE : sharing;
  }

  AgentRequest withSharing(AgentSharing other) {
    return new AgentRequest(name, other, description, session, instructions);
  }

  AgentDefinition toDefinition(List<AgentSkill> skills) {
    return new AgentDefinition(
        description, session == null ? new Json("{}") : session, instructions, skills);
  }
}
