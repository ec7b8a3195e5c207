package io.agentledger.command.channel;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelCommand.CreateChannel;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatCommand.ReceiveChatMessages;
import io.agentledger.api.channel.ChatCommand.ReceivedMessage;
import io.agentledger.api.channel.ChatCommand.SendChatMessage;
import io.agentledger.api.channel.ChatCommand.SentFile;
import io.agentledger.api.channel.ChatContact;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands of tests of channels and their chats. */
public final class ChatFixture {
  public static final String CONTACT = "+15550100";

  private ChatFixture() {}

  public static CreateChannel create(
      Caller caller,
      ChannelId id,
      String platform,
      @Nullable ChannelAgent agent,
      AgentBuffer buffer) {
    return new CreateChannel(
        id,
        caller.user(),
        new ChannelProperties(
            "channel " + id,
            platform,
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            ExecutionPrincipal.of(caller)),
        new ChannelDefinition(null, Map.of(), null, agent, buffer, agent != null),
        null);
  }

  public static ChatId newChat() {
    return new ChatId(Ids.random(ChatId.PREFIX));
  }

  /** Returns a command that records messages of the contact. */
  public static ReceiveChatMessages receive(ChannelId channel, ChatId chat, String... texts) {
    return new ReceiveChatMessages(
        chat,
        channel,
        new ChatContact(CONTACT, "Ada"),
        List.of(texts).stream()
            .map(
                text -> {
                  var platformId = Ids.random("m");
                  return new ReceivedMessage(
                      ChatMessageId.of(channel, platformId),
                      platformId,
                      ChatMessageContent.ofText(text),
                      Instant.now());
                })
            .toList());
  }

  public static SendChatMessage send(ChatId chat, ChatMessageId id, String text) {
    return send(chat, id, text, List.of());
  }

  public static SendChatMessage send(
      ChatId chat, ChatMessageId id, String text, List<SentFile> files) {
    return new SendChatMessage(
        chat, id, ChatMessageContent.ofText(text), files, Instant.now(), null);
  }
}
