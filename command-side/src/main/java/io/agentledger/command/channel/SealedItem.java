package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.content.Content;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.store.crypto.ContentStore;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Received item, sealed in its row under the key of the channel.
 *
 * @param message null for a status
 * @param status null for a message
 */
record SealedItem(@Nullable InboundMessage message, @Nullable InboundStatus status) {
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final Class<?> EVENT = ChatMessageReceived.class;

  static byte[] seal(Sealer sealer, ChannelId channel, String key, InboundItem item) {
    var plain =
        switch (item) {
          case InboundMessage message -> new SealedItem(message, null);
          case InboundStatus status -> new SealedItem(null, status);
        };
    var content = sealer.seal(channel, EVENT, "inbound." + key, JSON.writeValueAsString(plain));
    return JSON.writerFor(Content.class).writeValueAsBytes(content);
  }

  static SealedItem open(Sealer sealer, ChannelId channel, String key, byte[] sealed) {
    var content = JSON.readValue(sealed, Content.class);
    return JSON.readValue(sealer.open(channel, EVENT, "inbound." + key, content), SealedItem.class);
  }

  /** Deletes the file of an item that is too large for its row. Idempotent. */
  static void deleteFile(ContentStore contents, byte[] sealed) {
    if (JSON.readValue(sealed, Content.class) instanceof Content.Stored stored)
      contents.delete(stored.sha256());
  }
}
