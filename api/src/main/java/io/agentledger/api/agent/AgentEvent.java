package io.agentledger.api.agent;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of an agent. Its name is not sealed, its definition is. */
public sealed interface AgentEvent {
  AgentId agentId();

  /**
   * The agent was created with version 1.
   *
   * @param sharedWith users who may use it, if it is shared with listed users; sorted
   * @param definition {@link AgentDefinition} as JSON
   */
  @Revision("2")
  @StableName("AgentCreated")
  record AgentCreated(
      AgentId agentId,
      UserId ownerId,
      AgentSharing sharing,
      List<UserId> sharedWith,
      @ShownInAudit String name,
      Content definition)
      implements AgentEvent {}

  /**
   * The agent was changed.
   *
   * @param sharedWith users who may use it, if it is shared with listed users; sorted
   * @param definition {@link AgentDefinition} as JSON
   */
  @Revision("2")
  @StableName("AgentChanged")
  record AgentChanged(
      AgentId agentId,
      long version,
      AgentSharing sharing,
      List<UserId> sharedWith,
      @ShownInAudit String name,
      Content definition)
      implements AgentEvent {}

  /** The agent was archived. */
  @Revision("1")
  @StableName("AgentArchived")
  record AgentArchived(AgentId agentId) implements AgentEvent {}

  /**
   * The agent was restored from the archive.
   *
   * @param name its name, which is taken again
   */
  @Revision("1")
  @StableName("AgentRestored")
  record AgentRestored(AgentId agentId, @ShownInAudit String name) implements AgentEvent {}
}
