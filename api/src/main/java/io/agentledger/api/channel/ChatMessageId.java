package io.agentledger.api.channel;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one message of a chat. */
@StableName("chat_message")
public record ChatMessageId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "chm";

  public ChatMessageId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ChatMessageId next() {
    return new ChatMessageId(Ids.random(PREFIX));
  }

  /** Returns the id of a message that a platform has sent. */
  public static ChatMessageId of(ChannelId channel, String platformMessageId) {
    return new ChatMessageId(Ids.derived(PREFIX, channel.value(), platformMessageId));
  }

  @Override
  public String toString() {
    return value;
  }
}
