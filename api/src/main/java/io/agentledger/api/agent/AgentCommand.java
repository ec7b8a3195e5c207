package io.agentledger.api.agent;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for agents. */
@StableName("agent")
public sealed interface AgentCommand extends ApiCommand {
  /** Maximum number of agents of a tenant that are not archived. */
  int AGENTS_MAX = 1000;

  @TargetAggregateIdentifier
  AgentId agentId();

  /**
   * Creates an agent and returns its {@link AgentId}; a repeated command returns the id of the
   * first one.
   *
   * @param sharedWith users who may use it, if it is shared with listed users; sorted, at most
   *     {@link io.agentledger.api.identity.Viewers#USERS_MAX}
   * @param name at most 255 characters; unique in its tenant among agents that are not archived
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("CreateAgent")
  record CreateAgent(
      AgentId agentId,
      UserId ownerId,
      AgentSharing sharing,
      List<UserId> sharedWith,
      String name,
      AgentDefinition definition,
      @Nullable Idempotency idempotency)
      implements AgentCommand, Idempotent {}

  /**
   * Creates an agent that the service ships, shared with its tenant. It does nothing if it was
   * created before, even if it was changed or archived since, or if another agent has its name.
   *
   * @param ownerId the service itself, which is no user
   */
  @InternalOnly
  @StableName("InstallAgent")
  record InstallAgent(AgentId agentId, UserId ownerId, String name, AgentDefinition definition)
      implements AgentCommand {}

  /**
   * Replaces the definition of an agent with the next version; permitted to the owner and admins.
   * Sessions that were opened with it keep their version.
   *
   * @param version version that the change is based on; the command is rejected if the agent has
   *     another version
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ChangeAgent")
  record ChangeAgent(
      AgentId agentId,
      AgentSharing sharing,
      List<UserId> sharedWith,
      String name,
      AgentDefinition definition,
      long version)
      implements AgentCommand {}

  /**
   * Archives the agent: no session can be opened with it, and another agent may have its name. Its
   * history stays. Idempotent.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ArchiveAgent")
  record ArchiveAgent(AgentId agentId) implements AgentCommand {}

  /**
   * Restores an archived agent with its version; permitted to the owner and admins. Rejected if
   * another agent has its name now. Idempotent.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("RestoreAgent")
  record RestoreAgent(AgentId agentId, @Nullable Idempotency idempotency)
      implements AgentCommand, Idempotent {}
}
