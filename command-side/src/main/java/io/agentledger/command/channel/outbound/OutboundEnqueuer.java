package io.agentledger.command.channel.outbound;

import io.agentledger.api.channel.ChannelEvent.ChannelArchived;
import io.agentledger.api.channel.ChannelEvent.ChannelResumed;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.channel.outbound.OutboundTable.PendingMessage;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Stores messages to send, and enqueues the jobs of their chats, in the events' transactions. */
@ProcessingGroup(OutboundEnqueuer.GROUP)
final class OutboundEnqueuer {
  static final String GROUP = "chat-outbound";

  private final OutboundTable messages;
  private final JobTable<Void> jobs;
  private final Clock clock;

  OutboundEnqueuer(OutboundTable messages, JobTable<Void> jobs, Clock clock) {
    this.messages = messages;
    this.jobs = jobs;
    this.clock = clock;
  }

  @EventHandler
  void on(ChatMessageSent event, DomainEventMessage<?> message, TenantId tenant) {
    enqueue(event.chatId());
    messages.insert(
        new PendingMessage(
            event.chatId(),
            event.number(),
            tenant,
            event.channelId(),
            event.messageId(),
            message.getSequenceNumber(),
            List.of(),
            false,
            0,
            null,
            clock.instant()));
  }

  private void enqueue(ChatId chat) {
    messages.lock(chat);
    jobs.enqueueOrBringForward(OutboundJob.instance(chat), clock.instant());
  }

  @EventHandler
  void on(ChatDeliveryChanged event) {
    if (event.status() == MessageStatus.CANCELLED) enqueue(event.chatId()); // Others waited for it.
    if (event.status() != MessageStatus.PENDING) messages.remove(event.messageId());
  }

  @EventHandler
  void on(ChannelResumed event) {
    enqueueAll(event.channelId());
  }

  /** What waits fails. */
  @EventHandler
  void on(ChannelArchived event) {
    enqueueAll(event.channelId());
  }

  private void enqueueAll(ChannelId channel) {
    messages.listChats(channel).forEach(this::enqueue);
  }
}
