package io.agentledger.api.channel;

import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a channel. Its definition is sealed. */
public sealed interface ChannelEvent {
  ChannelId channelId();

  /**
   * The channel was created with version 1.
   *
   * @param definition {@link ChannelDefinition} as JSON
   */
  @Revision("1")
  @StableName("ChannelCreated")
  record ChannelCreated(
      ChannelId channelId, UserId ownerId, ChannelProperties properties, Content definition)
      implements ChannelEvent {}

  /**
   * The channel was changed.
   *
   * @param definition {@link ChannelDefinition} as JSON
   */
  @Revision("1")
  @StableName("ChannelChanged")
  record ChannelChanged(
      ChannelId channelId, long version, ChannelProperties properties, Content definition)
      implements ChannelEvent {}

  /** Nothing is sent any more. */
  @Revision("1")
  @StableName("ChannelPaused")
  record ChannelPaused(ChannelId channelId) implements ChannelEvent {}

  /** Messages are sent again. */
  @Revision("1")
  @StableName("ChannelResumed")
  record ChannelResumed(ChannelId channelId) implements ChannelEvent {}

  /** The channel was archived. */
  @Revision("1")
  @StableName("ChannelArchived")
  record ChannelArchived(ChannelId channelId) implements ChannelEvent {}
}
