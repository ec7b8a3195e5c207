package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.SenderType;
import io.agentledger.command.channel.agent.AgentStateTable.AgentCall;
import io.agentledger.command.channel.outbound.ChatMessageReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;

/** Reads the messages of a call, and those before it, from the end of the stream of a chat. */
record ChatHistory(EventStore store, ChatMessageReader reader) {
  /** Maximum number of new messages of a call; earlier ones are history. */
  static final int MESSAGES_MAX = 100;

  /** Maximum length of all texts; older messages are left out. */
  static final int TEXT_LENGTH_MAX = 200_000;

  private static final int EVENTS = 200;

  /** Message of any sender. */
  record CalledMessage(
      ChatMessageId id, long number, SenderType sender, ChatMessageContent content, Instant at) {
    /** Returns the text; of a template, its name and parameters. */
    String text() {
      var template = content.template();
      return template == null
          ? content.text()
          : "[template %s: %s]"
              .formatted(template.name(), String.join(", ", template.parameters()));
    }
  }

  /**
   * Messages of a call, each list oldest first.
   *
   * @param messages messages of the contact since the last call
   * @param history messages of all senders before them, without those that were not sent
   */
  record CalledMessages(List<CalledMessage> messages, List<CalledMessage> history) {}

  CalledMessages read(ChatId chat, AgentCall call, AgentBuffer buffer, Instant now) {
    var oldest = now.minusSeconds(60L * buffer.windowMinutes());
    var messages = new ArrayList<CalledMessage>();
    var history = new ArrayList<CalledMessage>();
    int length = 0;
    for (var message : newestFirst(chat, call, oldest, MESSAGES_MAX + buffer.history())) {
      length += message.content().text().length();
      boolean isNew = message.sender() == SenderType.CONTACT && message.number() >= call.from();
      if (length > TEXT_LENGTH_MAX && !messages.isEmpty()) break;
      if (isNew && messages.size() < MESSAGES_MAX) messages.addFirst(message);
      else if (history.size() < buffer.history() && message.at().isAfter(oldest))
        history.addFirst(message);
    }
    return new CalledMessages(List.copyOf(messages), List.copyOf(history));
  }

  private List<CalledMessage> newestFirst(ChatId chat, AgentCall call, Instant oldest, int max) {
    var found = new ArrayList<CalledMessage>();
    var failed = new HashSet<ChatMessageId>();
    long end = store.lastSequenceNumberFor(chat.value()).orElse(-1L) + 1;
    while (end > 0 && found.size() < max) {
      long start = Math.max(0, end - EVENTS);
      var block = read(chat, start, end, failed);
      for (var message : block.reversed())
        if (message.number() <= call.through()
            && found.size() < max
            && !failed.contains(message.id())) found.add(message);
      boolean isOld = !block.isEmpty() && block.getFirst().at().isBefore(oldest);
      if (isOld && block.getFirst().number() <= call.from()) break;
      end = start;
    }
    return found;
  }

  /**
   * Reads a part of a chat.
   *
   * @param failed gets the messages that were not sent
   */
  private List<CalledMessage> read(ChatId chat, long start, long end, Set<ChatMessageId> failed) {
    var block = new ArrayList<CalledMessage>();
    var events = store.readEvents(chat.value(), start);
    while (events.hasNext()) {
      DomainEventMessage<?> event = events.next();
      if (event.getSequenceNumber() >= end) break;
      var at = event.getTimestamp();
      switch (event.getPayload()) {
        case ChatMessageReceived received ->
            block.add(
                new CalledMessage(
                    received.messageId(),
                    received.number(),
                    SenderType.CONTACT,
                    reader.open(received),
                    at));
        case ChatMessageSent sent ->
            block.add(
                new CalledMessage(
                    sent.messageId(), sent.number(), sent.sender(), reader.open(sent), at));
        case ChatDeliveryChanged changed -> {
          if (changed.status().isUnsent()) failed.add(changed.messageId());
        }
        default -> {}
      }
    }
    return block;
  }
}
