package io.agentledger.projection.channel;

import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatStatus;
import io.agentledger.api.channel.SenderType;
import io.agentledger.projection.support.ConfigurationRow;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** One chat with a contact. */
@Entity
@Table(name = "chat_row")
@SuppressWarnings("NullAway.Init")
public class ChatRow extends ConfigurationRow {
  private String channelId;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent contact;

  @Enumerated(EnumType.STRING)
  private ChatStatus status;

  private String assignee;

  @Enumerated(EnumType.STRING)
  private ChatAgentState agentState;

  private String takenOverBy;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent escalation;

  /** Session in which an agent of this installation answered last; empty for none. */
  private String sessionId;

  private String labels;
  private long messages;
  private long lastOfContact;

  @Enumerated(EnumType.STRING)
  private SenderType lastSender;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent lastContent;

  private Instant lastMessageAt;

  protected ChatRow() {}

  ChatRow(ChatOpened event, DomainEventMessage<?> message) {
    super("", message);
    this.channelId = event.channelId().value();
    this.contact = SealedContent.of(ChatOpened.class, "contact", event.contact());
    this.status = ChatStatus.OPEN;
    this.agentState = event.agentState();
    this.takenOverBy = "";
    this.sessionId = "";
    this.labels = "";
    this.lastSender = SenderType.CONTACT;
    this.lastMessageAt = message.getTimestamp();
    this.assignee = event.assignee().isEmpty() ? "" : event.assignee().getFirst().value();
  }

  void recordMessage(
      SenderType sender, long number, @Nullable SealedContent content, Instant recordedAt) {
    messages = number;
    lastSender = sender;
    lastContent = content;
    lastMessageAt = recordedAt;
    if (sender == SenderType.CONTACT) lastOfContact = number;
  }

  void recordStatus(ChatStatus newStatus) {
    status = newStatus;
  }

  void assign(String user) {
    assignee = user;
  }

  void recordAgent(ChatAgentState state, String user) {
    agentState = state;
    takenOverBy = user;
    escalation = null;
  }

  void recordEscalation(@Nullable SealedContent reason) {
    agentState = ChatAgentState.ESCALATED;
    escalation = reason;
  }

  void recordSession(String session) {
    sessionId = session;
  }

  void label(List<String> newLabels) {
    labels = newLabels.isEmpty() ? "" : "\n" + String.join("\n", newLabels) + "\n";
  }

  public String channelId() {
    return channelId;
  }

  public @Nullable SealedContent contact() {
    return contact;
  }

  public ChatStatus status() {
    return status;
  }

  public String assignee() {
    return assignee;
  }

  public ChatAgentState agentState() {
    return agentState;
  }

  public String takenOverBy() {
    return takenOverBy;
  }

  public @Nullable SealedContent escalation() {
    return escalation;
  }

  public String sessionId() {
    return sessionId;
  }

  public List<String> labels() {
    return Stream.of(labels.split("\n")).filter(label -> !label.isEmpty()).toList();
  }

  public long messages() {
    return messages;
  }

  public SenderType lastSender() {
    return lastSender;
  }

  public @Nullable SealedContent lastContent() {
    return lastContent;
  }

  public Instant lastMessageAt() {
    return lastMessageAt;
  }
}
