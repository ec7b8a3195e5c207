package io.agentledger.api.channel;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.vault.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for channels. */
@StableName("channel")
public sealed interface ChannelCommand extends ApiCommand {
  /** Maximum number of channels of a tenant that are not archived. */
  int CHANNELS_MAX = 200;

  @TargetAggregateIdentifier
  ChannelId channelId();

  /**
   * Properties of a channel that are not sealed.
   *
   * @param name at most 255 characters; unique in its tenant among channels that are not archived
   * @param platform name of a platform, such as {@code telegram}; it never changes
   * @param credentials secrets of the platform by the names that it declares
   * @param members users who see the chats beside the owner and admins; sorted, at most {@link
   *     io.agentledger.api.identity.Viewers#USERS_MAX}
   * @param assignee user to whom new chats are assigned; empty for nobody
   * @param agentId agent whose tokens may write to chats while the channel's agent is active in
   *     them; empty for none
   * @param principal user as whom the agent's sessions are opened
   */
  record ChannelProperties(
      @ShownInAudit String name,
      @ShownInAudit String platform,
      @ShownInAudit Map<String, SecretRef> credentials,
      List<UserId> members,
      List<UserId> assignee,
      List<AgentId> agentId,
      ExecutionPrincipal principal) {
    public ChannelProperties {
      credentials = OrderedCopy.of(credentials);
      members = List.copyOf(members);
      assignee = List.copyOf(assignee);
      agentId = List.copyOf(agentId);
    }

    /** Returns the same properties with the assignee among the members, who see the chats. */
    public ChannelProperties withAssigneeAsMember() {
      var all = Stream.concat(members.stream(), assignee.stream()).distinct().toList();
      return new ChannelProperties(name, platform, credentials, all, assignee, agentId, principal);
    }

    /** Returns the same properties with another principal. */
    public ChannelProperties withPrincipal(ExecutionPrincipal other) {
      return new ChannelProperties(name, platform, credentials, members, assignee, agentId, other);
    }
  }

  /**
   * Creates a channel and returns its {@link ChannelId}; a repeated command returns the id of the
   * first one.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("CreateChannel")
  record CreateChannel(
      ChannelId channelId,
      UserId ownerId,
      ChannelProperties properties,
      ChannelDefinition definition,
      @Nullable Idempotency idempotency)
      implements ChannelCommand, Idempotent {}

  /**
   * Replaces a channel and returns its version; permitted to the owner and admins.
   *
   * @param version version that the change is based on
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ChangeChannel")
  record ChangeChannel(
      ChannelId channelId, ChannelProperties properties, ChannelDefinition definition, long version)
      implements ChannelCommand {}

  /** Pauses a channel: messages are received, and none is sent. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("PauseChannel")
  record PauseChannel(ChannelId channelId, @Nullable Idempotency idempotency)
      implements ChannelCommand, Idempotent {}

  /** Sends the messages that wait, and calls agents again. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ResumeChannel")
  record ResumeChannel(ChannelId channelId, @Nullable Idempotency idempotency)
      implements ChannelCommand, Idempotent {}

  /** Archives the channel permanently: its address does not exist any more. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ArchiveChannel")
  record ArchiveChannel(ChannelId channelId) implements ChannelCommand {}
}
