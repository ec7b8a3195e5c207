package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentDefinition;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.Viewers;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.NormalizedName;
import io.agentledger.gateway.support.validation.SharedUsers;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Request to create or replace an agent.
 *
 * @param name unique in the tenant among agents that are not archived
 * @param sharing private if omitted
 * @param sharedWith users who may use it; with sharing users only
 * @param session fields of its sessions, as for {@code POST /api/v1/sessions}
 * @param instructions text of its CLAUDE.md, which follows the system prompt
 * @param writableFolders folders of the workspace that its runs can write to; null: all of it
 */
record AgentRequest(
    @ConfigurationName String name,
    @Nullable AgentSharing sharing,
    @Nullable @Size(max = Viewers.USERS_MAX, message = "must be at most 100 users")
        List<@NotNull(message = "must be the id of a user") UserId> sharedWith,
    @Nullable @Size(max = 2000, message = "must be at most 2000 characters") String description,
    @Nullable Json session,
    @Nullable
        @Size(
            min = 1,
            max = AgentDefinition.INSTRUCTIONS_LENGTH_MAX,
            message = "must be 1 to 50000 characters")
        String instructions,
    @Nullable
        @Size(max = AgentDefinition.WRITABLE_FOLDERS_MAX, message = "must be at most 8 folders")
        List<
                @NotNull(message = FOLDER)
                @Pattern(regexp = "[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", message = FOLDER) String>
            writableFolders) {
  private static final String FOLDER =
      "must be the name of a folder in the workspace: letters, digits, dots, hyphens and"
          + " underscores, up to 100";

  AgentRequest {
    name = NormalizedName.of(name);
  }

  SharedUsers sharedUsers() {
    return new SharedUsers(sharing == AgentSharing.USERS, sharedWith);
  }

  AgentSharing sharingOrPrivate() {
    return sharing == null ? AgentSharing.PRIVATE : sharing;
  }

  /** Returns the same with the sharing of an agent, whose values the caller may see. */
  AgentRequest withSharingOf(AgentView agent) {
    return new AgentRequest(
        name,
        agent.sharing(),
        agent.sharedWith(),
        description,
        session,
        instructions,
        writableFolders);
  }

  AgentDefinition toDefinition(List<AgentSkill> skills) {
    return new AgentDefinition(
        description,
        session == null ? new Json("{}") : session,
        instructions,
        skills,
        writableFolders == null ? List.of() : writableFolders);
  }
}
