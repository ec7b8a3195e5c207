package io.agentledger.command.channel;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.channel.AgentCallOutcome;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatCommand.AddChatNote;
import io.agentledger.api.channel.ChatCommand.AssignChat;
import io.agentledger.api.channel.ChatCommand.CallChatAgent;
import io.agentledger.api.channel.ChatCommand.CancelChatMessage;
import io.agentledger.api.channel.ChatCommand.ChangeChatLabels;
import io.agentledger.api.channel.ChatCommand.CloseChat;
import io.agentledger.api.channel.ChatCommand.EndChatAgentCall;
import io.agentledger.api.channel.ChatCommand.EscalateChat;
import io.agentledger.api.channel.ChatCommand.HandBackChat;
import io.agentledger.api.channel.ChatCommand.MarkChatUnread;
import io.agentledger.api.channel.ChatCommand.ReadChat;
import io.agentledger.api.channel.ChatCommand.ReceiveChatMessages;
import io.agentledger.api.channel.ChatCommand.ReceivedMessage;
import io.agentledger.api.channel.ChatCommand.RecordChatDelivery;
import io.agentledger.api.channel.ChatCommand.RefuseChatMedia;
import io.agentledger.api.channel.ChatCommand.ReopenChat;
import io.agentledger.api.channel.ChatCommand.SendChatMessage;
import io.agentledger.api.channel.ChatCommand.SetChatAgent;
import io.agentledger.api.channel.ChatCommand.StoreChatMedia;
import io.agentledger.api.channel.ChatCommand.TakeOverChat;
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
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.ChannelRejection.AssigneeNotMember;
import io.agentledger.api.shared.ChannelRejection.ChatAgentNotActive;
import io.agentledger.api.shared.ChannelRejection.ChatClosedAlready;
import io.agentledger.api.shared.ChannelRejection.ChatTakenOverAlready;
import io.agentledger.api.shared.ChannelRejection.ChatUserRequired;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.time.Instant;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chat with one contact of a channel. Its contents are not kept in memory. The owner and the
 * members of the channel and admins may change it, and its agent may write while it is active.
 */
@Aggregate(type = "Chat", snapshotTriggerDefinition = "chatSnapshots", cache = "chatCache")
@Revision("2") // Of the snapshot.
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Chat extends ConfigurationAggregate<ChatId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private ChannelId channel;
  private long messages;
  private long lastOfContact;
  private Instant contactWroteAt;
  private boolean closed;
  private @Nullable UserId assignee;
  private List<String> labels = List.of();
  private ChatAgent agent = new ChatAgent();
  private ChatDeliveries deliveries = new ChatDeliveries();
  private ChatMedia media = new ChatMedia();
  private ChatReads reads = new ChatReads();

  Chat() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void receive(ReceiveChatMessages command, ChatRules rules, Sealer sealer) {
    var chat = command.chatId();
    if (id == null) {
      var start = rules.start(command.channelId());
      var contact = JSON.writeValueAsString(command.contact());
      apply(
          new ChatOpened(
              chat,
              command.channelId(),
              sealer.seal(chat, ChatOpened.class, "contact", contact),
              start.assignee(),
              start.agentState()));
    } else if (closed) apply(new ChatReopened(chat));
    for (var message : command.messages()) apply(received(chat, message, sealer));
  }

  private ChatMessageReceived received(ChatId chat, ReceivedMessage message, Sealer sealer) {
    var content = JSON.writeValueAsString(message.content());
    return new ChatMessageReceived(
        chat,
        channel,
        message.messageId(),
        messages + 1,
        message.platformMessageId(),
        sealer.seal(chat, ChatMessageReceived.class, "content", content),
        message.content().media().size(),
        message.sentAt());
  }

  @CommandHandler
  void store(StoreChatMedia command) {
    if (media.isPending(command.messageId(), command.index()))
      apply(
          new ChatMediaStored(
              id,
              command.messageId(),
              command.index(),
              command.data(),
              command.mediaType(),
              command.sizeBytes()));
  }

  @CommandHandler
  void refuse(RefuseChatMedia command) {
    if (media.isPending(command.messageId(), command.index()))
      apply(new ChatMediaRefused(id, command.messageId(), command.index(), command.reason()));
  }

  @CommandHandler
  ChatMessageId send(SendChatMessage command, ChatRules rules, Sealer sealer, MetaData metaData) {
    var caller = Caller.of(metaData).orElseThrow(this::notFound);
    boolean isAgent = caller.role() == Role.AGENT;
    if (isAgent) {
      if (!rules.isAgentOf(channel, metaData)) throw notFound();
      if (!agent.is(ChatAgentState.ACTIVE))
        throw new RejectionException(new ChatAgentNotActive(id.value()));
    } else {
      requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
      requireNotTakenOver(rules, metaData);
    }
    if (closed) throw new RejectionException(new ChatClosedAlready(id.value()));
    if (deliveries.contains(command.messageId())) return command.messageId();
    rules.requireSendable(channel, id, command.content(), contactWroteAt, command.at());
    var files = rules.readFiles(channel, command.files());
    var sender = isAgent ? SenderType.AGENT : SenderType.USER;
    var senderId = isAgent ? caller.actor().id() : caller.user().value();
    var content = JSON.writeValueAsString(files.addTo(command.content()));
    applySent(command.messageId(), sender, senderId, content, sealer);
    files.events(id, command.messageId(), sealer).forEach(AggregateLifecycle::apply);
    if (!isAgent && !reads.hasRead(caller.user(), lastOfContact))
      apply(new ChatRead(id, caller.user(), messages));
    return command.messageId();
  }

  /** The agent sees the chat while it is active in it, and learns that others change it. */
  private void requireMember(ChatRules rules, Scope all, MetaData metaData) {
    if (agent.is(ChatAgentState.ACTIVE) && rules.isAgentOf(channel, metaData))
      throw new RejectionException(new ChatUserRequired(id.value()));
    rules.requireMember(channel, id, all, metaData);
  }

  private void applySent(
      ChatMessageId message, SenderType sender, String senderId, String content, Sealer sealer) {
    apply(
        new ChatMessageSent(
            id,
            channel,
            message,
            messages + 1,
            sender,
            senderId,
            sealer.seal(id, ChatMessageSent.class, "content", content)));
  }

  @CommandHandler
  void record(RecordChatDelivery command) {
    if (deliveries.mayBecome(command.messageId(), command.status()))
      apply(
          new ChatDeliveryChanged(
              id,
              channel,
              command.messageId(),
              command.status(),
              command.platformMessageIds(),
              command.failure(),
              command.at()));
  }

  @CommandHandler
  void cancel(CancelChatMessage command, ChatRules rules, MessageQueue queue, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    requireNotTakenOver(rules, metaData);
    deliveries.cancel(command, channel, queue).ifPresent(AggregateLifecycle::apply);
  }

  @CommandHandler
  void assign(AssignChat command, ChatRules rules, TenantMembership members, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    var user = command.assignee();
    if (user != null && members.findActiveRole(owningTenant(), user).isEmpty())
      throw new RejectionException(new NotFound("user", user.value()));
    if (user != null && !rules.isMember(channel, owningTenant(), user))
      throw new RejectionException(new AssigneeNotMember(user.value(), channel.value()));
    if (user == null ? assignee != null : !user.equals(assignee))
      apply(new ChatAssigned(id, user == null ? List.of() : List.of(user)));
  }

  /** A chat that a user has taken over stays so. */
  @CommandHandler
  void setAgent(SetChatAgent command, ChatRules rules, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    requireNotTakenOver(rules, metaData);
    if (command.active()) rules.requireAgent(channel);
    if (command.active() != agent.is(ChatAgentState.ACTIVE))
      apply(new ChatAgentSet(id, command.active()));
  }

  @CommandHandler
  void takeOver(TakeOverChat command, ChatRules rules, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    requireNotTakenOver(rules, metaData);
    var user = userOf(metaData);
    if (!user.equals(agent.takenOverBy())) apply(new ChatTakenOver(id, user));
  }

  /** A take-over ends when its user does not see the chat any more. */
  private void requireNotTakenOver(ChatRules rules, MetaData metaData) {
    var other = agent.takenOverBy();
    if (other != null
        && !other.equals(userOf(metaData))
        && rules.isMember(channel, owningTenant(), other))
      throw new RejectionException(new ChatTakenOverAlready(id.value(), other.value()));
  }

  private UserId userOf(MetaData metaData) {
    return Caller.of(metaData).orElseThrow(this::notFound).user();
  }

  /** Ends the take-over of another user, too, for those who are responsible for the channel. */
  @CommandHandler
  void handBack(HandBackChat command, ChatRules rules, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    if (!rules.isResponsible(channel, metaData)) requireNotTakenOver(rules, metaData);
    if (agent.is(ChatAgentState.TAKEN_OVER) || agent.is(ChatAgentState.ESCALATED))
      apply(rules.hasAgent(channel) ? new ChatHandedBack(id) : new ChatAgentSet(id, false));
  }

  @CommandHandler
  void close(CloseChat command, ChatRules rules, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    if (!closed) apply(new ChatClosed(id));
  }

  @CommandHandler
  void reopen(ReopenChat command, ChatRules rules, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    if (closed) apply(new ChatReopened(id));
  }

  @CommandHandler
  void changeLabels(ChangeChatLabels command, ChatRules rules, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    var sorted = command.labels().stream().distinct().sorted().toList();
    if (!sorted.equals(labels)) apply(new ChatLabelsChanged(id, sorted));
  }

  @CommandHandler
  void addNote(AddChatNote command, ChatRules rules, Sealer sealer, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_WRITE_ALL, metaData);
    var text = sealer.seal(id, ChatNoteAdded.class, "text", command.text());
    apply(new ChatNoteAdded(id, command.noteId(), userOf(metaData), text));
  }

  @CommandHandler
  void read(ReadChat command, ChatRules rules, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_READ_ALL, metaData);
    var user = userOf(metaData);
    long through = Math.min(command.through(), messages);
    if (!reads.hasRead(user, through)) apply(new ChatRead(id, user, through));
  }

  @CommandHandler
  void markUnread(MarkChatUnread command, ChatRules rules, MetaData metaData) {
    requireMember(rules, Scope.SESSIONS_READ_ALL, metaData);
    var user = userOf(metaData);
    if (reads.hasRead(user, lastOfContact)) apply(new ChatRead(id, user, lastOfContact - 1));
  }

  @CommandHandler
  boolean call(CallChatAgent command, ChatRules rules, Sealer sealer) {
    boolean mayCall =
        !closed && command.through() <= messages && agent.mayCall(command.through(), lastOfContact);
    if (!mayCall) return false;
    int max = rules.agentCallsPerHour();
    if (agent.calledWithinHour(command.at()) >= max) {
      escalate(
          "The agent was called " + max + " times within an hour. Do two agents answer each other?",
          rules,
          sealer);
      return false;
    }
    apply(
        new ChatAgentCalled(
            id,
            command.through(),
            command.sessionId() == null ? List.of() : List.of(command.sessionId())));
    return true;
  }

  @CommandHandler
  void end(EndChatAgentCall command, ChatRules rules, Sealer sealer) {
    if (!agent.isCalled(command.through())) return;
    var answer = command.answer();
    var outcome = agent.endWith(command.outcome());
    if (answer != null && outcome != AgentCallOutcome.DROPPED)
      applySent(
          answer.messageId(),
          SenderType.AGENT,
          rules.agentIdOf(channel),
          JSON.writeValueAsString(answer.content()),
          sealer);
    // Before the end, which would let the next call begin.
    if (outcome == AgentCallOutcome.FAILED && agent.is(ChatAgentState.ACTIVE))
      escalate(command.reason(), rules, sealer);
    apply(new ChatAgentCallEnded(id, command.through(), outcome, command.reason()));
  }

  @CommandHandler
  void escalate(EscalateChat command, ChatRules rules, Sealer sealer, MetaData metaData) {
    rules.requireAgentOrMember(channel, id, metaData);
    if (agent.is(ChatAgentState.ESCALATED)) return;
    if (!agent.is(ChatAgentState.ACTIVE))
      throw new RejectionException(new ChatAgentNotActive(id.value()));
    escalate(command.reason(), rules, sealer);
  }

  private void escalate(String reason, ChatRules rules, Sealer sealer) {
    apply(new ChatEscalated(id, sealer.seal(id, ChatEscalated.class, "reason", reason)));
    var people = rules.assigneeOf(channel);
    if (assignee == null && !people.isEmpty()) apply(new ChatAssigned(id, people));
  }

  @EventSourcingHandler
  void on(ChatOpened event, @Timestamp Instant at, TenantId tenant) {
    create(event.chatId(), tenant);
    channel = event.channelId();
    assignee = first(event.assignee());
    agent.on(event, at);
  }

  @EventSourcingHandler
  void on(ChatEvent event, @Timestamp Instant at) {
    agent.on(event, at);
    deliveries.on(event);
    media.on(event);
    switch (event) {
      case ChatMessageReceived received -> {
        messages = received.number();
        lastOfContact = received.number();
        contactWroteAt = received.sentAt();
      }
      case ChatMessageSent sent -> messages = sent.number();
      case ChatAssigned assigned -> assignee = first(assigned.assignee());
      case ChatClosed _ -> closed = true;
      case ChatReopened _ -> closed = false;
      case ChatLabelsChanged changed -> labels = changed.labels();
      case ChatRead read -> reads.on(read);
      default -> {}
    }
  }

  private static @Nullable UserId first(List<UserId> users) {
    return users.isEmpty() ? null : users.getFirst();
  }
}
