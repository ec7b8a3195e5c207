package io.agentledger.query.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatAgentSet;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatHandedBack;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatEvent.ChatTakenOver;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.channel.ChannelRowRepository;
import io.agentledger.projection.channel.ChannelRowRepository.ChannelViewer;
import io.agentledger.projection.channel.ChatRowRepository;
import io.agentledger.projection.channel.ChatRowRepository.VisibleChat;
import io.agentledger.query.support.ReadModelAccess;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the chats of a sequence of events whether one caller sees them, by the rules of the
 * read model. Decisions hold until an event can change them; the rows that they are made from
 * contain all events before. For one thread.
 */
final class ChatAccess {
  private static final int DECISIONS_MAX = 10_000;

  private final Sources sources;
  private final ChannelViewer viewer;
  private final Map<Id, Boolean> decisions = new HashMap<>();
  private final Map<ChatId, ChannelId> channels = new HashMap<>();

  /** Read models with the rules. */
  record Sources(ReadModelAccess access, ChannelRowRepository channels, ChatRowRepository chats) {}

  ChatAccess(Sources sources, Caller caller) {
    this.sources = sources;
    this.viewer = ChannelQueryHandler.viewer(caller);
  }

  /** Returns whether the caller is an agent, by its token. */
  boolean isAgent() {
    return !viewer.agent().isEmpty();
  }

  String user() {
    return viewer.user();
  }

  /** Discards all decisions, because a channel has changed. */
  void discard() {
    decisions.clear();
  }

  /** Returns the channel of a chat; empty if the read model does not contain the chat. */
  Optional<ChannelId> channelOf(ChatEvent event) {
    return switch (event) {
      case ChatOpened opened -> Optional.of(opened.channelId());
      case ChatMessageReceived received -> Optional.of(received.channelId());
      case ChatMessageSent sent -> Optional.of(sent.channelId());
      case ChatDeliveryChanged changed -> Optional.of(changed.channelId());
      default ->
          Optional.ofNullable(channels.get(event.chatId())).or(() -> readChannel(event.chatId()));
    };
  }

  private Optional<ChannelId> readChannel(ChatId chat) {
    awaitChat(chat);
    var channel = sources.chats().channelOf(chat.value()).map(ChannelId::new);
    if (channels.size() >= DECISIONS_MAX) channels.clear();
    channel.ifPresent(found -> channels.put(chat, found));
    return channel;
  }

  /** Rejects a channel or chat of which the caller sees nothing, as one that does not exist. */
  void requireVisible(@Nullable ChannelId channel, @Nullable ChatId chat) {
    if (channel != null && !hasVisibleChats(channel))
      throw new RejectionException(NotFound.of(channel));
    if (chat != null && readChannel(chat).filter(this::hasVisibleChats).isEmpty())
      throw new RejectionException(NotFound.of(chat));
  }

  private boolean hasVisibleChats(ChannelId channel) {
    awaitChannel(channel);
    return sources.channels().hasVisibleChats(viewer, channel.value());
  }

  /** Returns whether the caller sees the chat: a user by its channel, an agent by its state. */
  boolean canSee(ChatEvent event, ChannelId channel) {
    var chat = event.chatId();
    if (!isAgent()) return decide(channel, () -> seesChannel(channel));
    if (changesAgentState(event)) decisions.remove(chat);
    return decide(chat, () -> seesChat(chat, channel));
  }

  private static boolean changesAgentState(ChatEvent event) {
    return event instanceof ChatAgentSet
        || event instanceof ChatTakenOver
        || event instanceof ChatHandedBack
        || event instanceof ChatEscalated;
  }

  private boolean decide(Id key, BooleanSupplier rule) {
    var known = decisions.get(key);
    if (known != null) return known;
    if (decisions.size() >= DECISIONS_MAX) decisions.clear();
    boolean decision = rule.getAsBoolean();
    decisions.put(key, decision);
    return decision;
  }

  private boolean seesChannel(ChannelId channel) {
    awaitChannel(channel);
    return sources.channels().find(viewer, channel.value()).isPresent();
  }

  private boolean seesChat(ChatId chat, ChannelId channel) {
    awaitChannel(channel);
    return find(chat).isPresent();
  }

  private Optional<VisibleChat> find(ChatId chat) {
    awaitChat(chat);
    return sources.chats().find(viewer, chat.value());
  }

  /** Returns the number of messages of the contact that the caller has not read. */
  long countUnread(ChatId chat) {
    return find(chat).map(VisibleChat::getUnread).orElse(0L);
  }

  private void awaitChannel(ChannelId channel) {
    sources.access().await(ChannelQueryHandler.GROUP, channel, sources.channels()::eventCountOf);
  }

  private void awaitChat(ChatId chat) {
    sources.access().await(ChatQueryHandler.GROUP, chat, sources.chats()::eventCountOf);
  }
}
