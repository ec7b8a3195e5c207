package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatId;
import io.agentledger.command.channel.ChannelReader;
import io.agentledger.command.channel.agent.AgentJob.Work;
import io.agentledger.command.channel.outbound.ChatMessageReader;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.channel.platform.TypingTarget;
import java.util.concurrent.Semaphore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows contacts that an agent writes, beside its call, so that a slow platform delays no answer.
 * Failures have no effect. Thread-safe.
 */
final class TypingIndicator {
  private static final Logger log = LoggerFactory.getLogger(TypingIndicator.class);

  /** Requests of a node at the same time; further ones are not made. */
  private static final int REQUESTS_MAX = 32;

  /** Number of events at the end of a chat in which the contact's last message is looked for. */
  private static final int EVENTS = 50;

  private final EventStore store;
  private final ChatMessageReader reader;
  private final ChannelReader channelReader;
  private final PlatformRegistry platforms;
  private final Semaphore requests = new Semaphore(REQUESTS_MAX);

  TypingIndicator(
      EventStore store,
      ChatMessageReader reader,
      ChannelReader channelReader,
      PlatformRegistry platforms) {
    this.store = store;
    this.reader = reader;
    this.channelReader = channelReader;
    this.platforms = platforms;
  }

  /** Returns at once. */
  void show(Work work) {
    platforms
        .find(work.channel().properties().platform())
        .filter(platform -> platform.description().can(Capability.TYPING))
        .filter(platform -> requests.tryAcquire())
        .ifPresent(
            platform ->
                Thread.ofVirtual()
                    .name("typing-" + work.state().chat())
                    .start(() -> request(work, platform)));
  }

  private void request(Work work, Platform platform) {
    var chat = work.state().chat();
    try {
      var target = new TypingTarget(reader.contact(chat).address(), () -> lastMessageOf(chat));
      platform.showTyping(channelReader.account(work.channel(), platform.description()), target);
    } catch (RuntimeException e) {
      log.atDebug().addKeyValue("chatId", chat).setCause(e).log("cannot show that an agent writes");
    } finally {
      requests.release();
    }
  }

  /** Returns the platform's id of the contact's last message; empty if it is not a late one. */
  private String lastMessageOf(ChatId chat) {
    long last = store.lastSequenceNumberFor(chat.value()).orElse(0L);
    return store
        .readEvents(chat.value(), Math.max(0, last - EVENTS))
        .asStream()
        .map(event -> event.getPayload())
        .filter(ChatMessageReceived.class::isInstance)
        .map(ChatMessageReceived.class::cast)
        .reduce((earlier, later) -> later)
        .map(ChatMessageReceived::platformMessageId)
        .orElse("");
  }
}
