package io.agentledger.command.channel.outbound;

import io.agentledger.api.channel.ChatContact;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.content.Content;
import io.agentledger.command.channel.platform.MediaContent;
import io.agentledger.command.support.Memoizer;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStore;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads contacts and contents of chats from the event store. Keeps none in memory but contacts as
 * they are stored, sealed. Thread-safe.
 */
public final class ChatMessageReader {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private static final int CONTACTS_MAX = 1_000;

  private final EventStore store;
  private final Sealer sealer;
  private final Memoizer<ChatId, Content> contacts;

  public ChatMessageReader(EventStore store, Sealer sealer) {
    this.store = store;
    this.sealer = sealer;
    this.contacts = new Memoizer<>(CONTACTS_MAX, chat -> ((ChatOpened) eventAt(chat, 0)).contact());
  }

  public ChatContact contact(ChatId chat) {
    var contact = sealer.open(chat, ChatOpened.class, "contact", contacts.get(chat));
    return JSON.readValue(contact, ChatContact.class);
  }

  /** Returns the content of the message whose event has a position in the stream of its chat. */
  ChatMessageContent content(ChatId chat, long sequence) {
    return open((ChatMessageSent) eventAt(chat, sequence));
  }

  /** Returns the files of a message, whose events follow the one of the message. */
  List<MediaContent> files(ChatId chat, long sequence, ChatMessageContent content) {
    var files = new ArrayList<MediaContent>();
    for (var file : content.media()) {
      var stored = (ChatMediaStored) eventAt(chat, sequence + files.size() + 1);
      var data = sealer.open(chat, ChatMediaStored.class, "data", stored.data());
      files.add(
          new MediaContent(file.name(), stored.mediaType(), Base64.getDecoder().decode(data)));
    }
    return files;
  }

  private Object eventAt(ChatId chat, long sequence) {
    return store.readEvents(chat.value(), sequence).next().getPayload();
  }

  public ChatMessageContent open(ChatMessageSent event) {
    var content = sealer.open(event.chatId(), ChatMessageSent.class, "content", event.content());
    return JSON.readValue(content, ChatMessageContent.class);
  }

  public ChatMessageContent open(ChatMessageReceived event) {
    var content =
        sealer.open(event.chatId(), ChatMessageReceived.class, "content", event.content());
    return JSON.readValue(content, ChatMessageContent.class);
  }
}
