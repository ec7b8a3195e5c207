package io.agentledger.command.channel;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatCommand.SentFile;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Actor.ActorType;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.ChannelRejection.ChannelWithoutAgent;
import io.agentledger.api.shared.ChannelRejection.MessageNotSupported;
import io.agentledger.api.shared.ChannelRejection.OutsideWindow;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.support.TenantMembership;
import java.time.Instant;
import java.util.List;
import org.axonframework.messaging.MetaData;

/** Rules that a chat has from its channel and its platform. */
class ChatRules {
  private final ChannelLookupTable channels;
  private final ChannelReader reader;
  private final PlatformRegistry platforms;
  private final TenantMembership members;
  private final ChannelSettings settings;

  ChatRules(
      ChannelLookupTable channels,
      ChannelReader reader,
      PlatformRegistry platforms,
      TenantMembership members,
      ChannelSettings settings) {
    this.channels = channels;
    this.reader = reader;
    this.platforms = platforms;
    this.members = members;
    this.settings = settings;
  }

  /** Beginning of a chat. */
  record Start(List<UserId> assignee, ChatAgentState agentState) {}

  Start start(ChannelId id) {
    var channel = find(id);
    boolean isActive = reader.definition(channel).agentActive();
    return new Start(
        channel.properties().assignee(),
        isActive ? ChatAgentState.ACTIVE : ChatAgentState.INACTIVE);
  }

  private StoredChannel find(ChannelId id) {
    return channels
        .find(id)
        .orElseThrow(() -> new IllegalStateException("the table has no channel " + id));
  }

  /**
   * Rejects callers who do not see the chat, as for a chat that does not exist; agents do not
   * change it.
   *
   * @param all scope of those who see every chat of the tenant
   */
  void requireMember(ChannelId channel, ChatId chat, Scope all, MetaData metaData) {
    boolean isPermitted =
        Caller.of(metaData)
            .filter(caller -> caller.role() != Role.AGENT)
            .filter(caller -> caller.has(all) || find(channel).isSharedWith(caller.user()))
            .isPresent();
    if (!isPermitted) throw new RejectionException(NotFound.of(chat));
  }

  /** Returns the maximum number of calls of a chat's agent within an hour. */
  int agentCallsPerHour() {
    return settings.agentCallsPerHour();
  }

  /** Returns whether a user sees the chats of a channel, and may answer in them. */
  boolean isMember(ChannelId channel, TenantId tenant, UserId user) {
    return members
        .findActiveRole(tenant, user)
        .filter(
            role ->
                role.scopes().contains(Scope.SESSIONS_WRITE_ALL)
                    || find(channel).isSharedWith(user))
        .isPresent();
  }

  /** Rejects callers who neither see the chat nor are its agent, by a token or in its session. */
  void requireAgentOrMember(ChannelId channel, ChatId chat, MetaData metaData) {
    boolean isAgent =
        Caller.of(metaData)
            .filter(
                caller ->
                    caller.actor().equals(new Actor(ActorType.CHANNEL, channel.value()))
                        || isAgentOf(channel, caller))
            .isPresent();
    if (!isAgent) requireMember(channel, chat, Scope.SESSIONS_WRITE_ALL, metaData);
  }

  /** Returns whether the caller owns the channel, or may change everything of the tenant. */
  boolean isResponsible(ChannelId channel, MetaData metaData) {
    return Caller.of(metaData)
        .filter(
            caller ->
                caller.has(Scope.SESSIONS_WRITE_ALL) || find(channel).owner().equals(caller.user()))
        .isPresent();
  }

  /** Returns the user to whom chats are assigned; empty for nobody. */
  List<UserId> assigneeOf(ChannelId channel) {
    return find(channel).properties().assignee();
  }

  /** Returns whether somebody can answer in place of users. */
  boolean hasAgent(ChannelId id) {
    var channel = find(id);
    return reader.definition(channel).agent() != null || !channel.properties().agentId().isEmpty();
  }

  void requireAgent(ChannelId channel) {
    if (!hasAgent(channel)) throw new RejectionException(new ChannelWithoutAgent(channel.value()));
  }

  /** Returns whether the caller is the agent of the channel, by a token. */
  boolean isAgentOf(ChannelId channel, MetaData metaData) {
    return Caller.of(metaData).filter(caller -> isAgentOf(channel, caller)).isPresent();
  }

  private boolean isAgentOf(ChannelId channel, Caller caller) {
    return caller.role() == Role.AGENT && agentIdOf(channel).equals(caller.actor().id());
  }

  /** Returns the id of the agent whose tokens a channel accepts; empty without one. */
  String agentIdOf(ChannelId channel) {
    return find(channel).properties().agentId().stream().findFirst().map(AgentId::value).orElse("");
  }

  /** Rejects what the platform cannot send now. */
  void requireSendable(
      ChannelId channel, ChatId chat, ChatMessageContent content, Instant wroteAt, Instant now) {
    var platform = platformOf(channel).description();
    if (content.template() != null) {
      if (!platform.can(Capability.TEMPLATES))
        throw new RejectionException(
            new MessageNotSupported(platform.name(), "it has no templates"));
      platformOf(channel)
          .findTemplateFault(content.template().name(), content.template().language())
          .ifPresent(
              fault -> {
                throw new RejectionException(new MessageNotSupported(platform.name(), fault));
              });
      return;
    }
    var window = platform.limits().replyWindow();
    if (window.isPositive() && now.isAfter(wroteAt.plus(window)))
      throw new RejectionException(new OutsideWindow(chat.value(), window.toSeconds()));
  }

  /** Returns the files of a message to the contact; rejects what the platform cannot send. */
  SentFiles readFiles(ChannelId channel, List<SentFile> files) {
    return SentFiles.of(files, platformOf(channel).description());
  }

  private Platform platformOf(ChannelId id) {
    var name = find(id).properties().platform();
    return platforms.find(name).orElseThrow(() -> new IllegalStateException("no platform " + name));
  }
}
