package io.agentledger.projection.channel;

import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatAgentCallEnded;
import io.agentledger.api.channel.ChatEvent.ChatAgentCalled;
import io.agentledger.api.channel.ChatEvent.ChatAgentSet;
import io.agentledger.api.channel.ChatEvent.ChatAssigned;
import io.agentledger.api.channel.ChatEvent.ChatClosed;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatHandedBack;
import io.agentledger.api.channel.ChatEvent.ChatLabelsChanged;
import io.agentledger.api.channel.ChatEvent.ChatMediaRefused;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatEvent.ChatNoteAdded;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatEvent.ChatRead;
import io.agentledger.api.channel.ChatEvent.ChatReopened;
import io.agentledger.api.channel.ChatEvent.ChatTakenOver;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatStatus;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import java.util.function.Consumer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each chat, message and note, and for what each user has read. */
@ProcessingGroup(ChatProjection.GROUP)
class ChatProjection extends ConfigurationProjection<ChatRow> {
  static final String GROUP = "chat";

  private final ChatMessageRowRepository messages;
  private final ChatNoteRowRepository notes;
  private final ChatReadRowRepository reads;

  ChatProjection(
      ChatRowRepository chats,
      ChatMessageRowRepository messages,
      ChatNoteRowRepository notes,
      ChatReadRowRepository reads,
      PoisonEventIsolator poisonEventIsolator) {
    super(chats, poisonEventIsolator);
    this.messages = messages;
    this.notes = notes;
    this.reads = reads;
  }

  @EventHandler
  void on(ChatEvent event, DomainEventMessage<?> message) {
    if (event instanceof ChatOpened opened) insert(new ChatRow(opened, message), message);
    else update(message, chat -> apply(chat, event, message));
  }

  private void apply(ChatRow chat, ChatEvent event, DomainEventMessage<?> message) {
    var at = message.getTimestamp();
    switch (event) {
      case ChatOpened _, ChatAgentCallEnded _ -> {}
      case ChatAgentCalled called ->
          chat.recordSession(
              called.sessionId().stream().map(SessionId::value).findFirst().orElse(""));
      case ChatMessageReceived received -> {
        var row = new ChatMessageRow(received, message.getSequenceNumber());
        insertIfAbsent(row.id(), row, message);
        chat.recordMessage(SenderType.CONTACT, received.number(), row.content(), at);
      }
      case ChatMessageSent sent -> {
        var row = new ChatMessageRow(sent, at);
        insertIfAbsent(row.id(), row, message);
        chat.recordMessage(sent.sender(), sent.number(), row.content(), at);
      }
      case ChatMediaStored stored -> change(stored.messageId(), row -> row.record(stored));
      case ChatMediaRefused refused -> change(refused.messageId(), row -> row.record(refused));
      case ChatDeliveryChanged changed ->
          change(changed.messageId(), row -> row.record(changed, message.getSequenceNumber()));
      case ChatAssigned assigned ->
          chat.assign(assigned.assignee().stream().map(UserId::value).findFirst().orElse(""));
      case ChatAgentSet set ->
          chat.recordAgent(set.active() ? ChatAgentState.ACTIVE : ChatAgentState.INACTIVE, "");
      case ChatTakenOver takenOver ->
          chat.recordAgent(ChatAgentState.TAKEN_OVER, takenOver.by().value());
      case ChatHandedBack _ -> chat.recordAgent(ChatAgentState.ACTIVE, "");
      case ChatEscalated escalated -> {
        var row = new ChatNoteRow(escalated, message);
        insertIfAbsent(row.id(), row, message);
        chat.recordEscalation(row.text());
      }
      case ChatClosed _ -> chat.recordStatus(ChatStatus.CLOSED);
      case ChatReopened _ -> chat.recordStatus(ChatStatus.OPEN);
      case ChatLabelsChanged changed -> chat.label(changed.labels());
      case ChatNoteAdded added -> {
        var row = new ChatNoteRow(added, at);
        insertIfAbsent(row.id(), row, message);
      }
      case ChatRead read -> {
        var key = new ChatReadRow.Key(chat.id(), read.by().value());
        var row = reads.findById(key).orElseGet(() -> new ChatReadRow(key));
        row.moveTo(read.through());
        reads.save(row);
      }
    }
  }

  private void change(ChatMessageId id, Consumer<ChatMessageRow> change) {
    change.accept(
        messages
            .findById(id.value())
            .orElseThrow(() -> new IllegalStateException("there is no row of " + id)));
  }

  @Override
  protected void reset() {
    messages.deleteAllInBatch();
    notes.deleteAllInBatch();
    reads.deleteAllInBatch();
    super.reset();
  }
}
