package io.agentledger.command.channel.outbound;

import io.agentledger.api.channel.ChatCommand.RecordChatDelivery;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.command.channel.ChannelLookupTable;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import io.agentledger.command.channel.ChannelReader;
import io.agentledger.command.channel.ChannelReader.AccountUnusableException;
import io.agentledger.command.channel.ChatCommandSender;
import io.agentledger.command.channel.outbound.OutboundTable.PendingMessage;
import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundMessage.MessageTemplate;
import io.agentledger.command.channel.platform.OutboundMessage.OutboundMedia;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.OutcomeUnknown;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.SendResult.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the next part of a message, and records the delivery after the last. A request is recorded
 * before it begins: one without a result, also after a crash, is repeated only if the platform
 * drops repetitions. Thread-safe.
 */
final class MessageSender {
  /** Time of continuous failure after which a message fails. */
  static final Duration FAILURE_MAX = Duration.ofDays(1);

  private static final String UNAVAILABLE = "unavailable";
  private static final String OUTCOME_UNKNOWN = "outcome_unknown";
  private static final Logger log = LoggerFactory.getLogger(MessageSender.class);

  /** Delays after the first tries; the last one repeats. */
  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15));

  private final OutboundTable messages;
  private final ChannelLookupTable channels;
  private final ChannelReader channelReader;
  private final PlatformRegistry platforms;
  private final ChatMessageReader reader;
  private final SendLimits limits;
  private final ChatCommandSender commands;
  private final Clock clock;

  MessageSender(
      OutboundTable messages,
      ChannelLookupTable channels,
      ChannelReader channelReader,
      PlatformRegistry platforms,
      ChatMessageReader reader,
      SendLimits limits,
      ChatCommandSender commands,
      Clock clock) {
    this.messages = messages;
    this.channels = channels;
    this.channelReader = channelReader;
    this.platforms = platforms;
    this.reader = reader;
    this.limits = limits;
    this.commands = commands;
    this.clock = clock;
  }

  /** Sends one part, or makes the message wait, or ends it. */
  void send(PendingMessage message) {
    var channel = channels.find(message.channel()).filter(found -> !found.archived());
    if (channel.isEmpty()) {
      fail(message, "channel_archived", "The channel is archived.");
      return;
    }
    var platform = platforms.find(channel.get().properties().platform()).orElseThrow();
    var parts = platform.divide(toMessage(message));
    int next = message.partIds().size();
    if (parts.isEmpty()) fail(message, "empty", "The message has no content that can be sent.");
    else if (next >= parts.size()) recordSent(message);
    else if (message.requested() && !isRepeatable(platform))
      failUnknown(message, next, parts.size(), "The result of the request was not recorded.");
    else send(message, channel.get(), platform, parts);
  }

  private static boolean isRepeatable(Platform platform) {
    return platform.description().can(Capability.IDEMPOTENT_SEND);
  }

  private OutboundMessage toMessage(PendingMessage message) {
    var content = reader.content(message.chat(), message.sequence());
    return new OutboundMessage(
        message.message().value(),
        reader.contact(message.chat()).address(),
        content.text(),
        reader.files(message.chat(), message.sequence(), content).stream()
            .map(file -> new OutboundMedia(file, ""))
            .toList(),
        toTemplate(content.template()));
  }

  private static @Nullable MessageTemplate toTemplate(
      ChatMessageContent.@Nullable Template template) {
    return template == null
        ? null
        : new MessageTemplate(template.name(), template.language(), template.parameters());
  }

  private void send(
      PendingMessage message, StoredChannel channel, Platform platform, List<OutboundPart> parts) {
    var description = platform.description();
    var wait = limits.acquire(channel.id(), message.chat(), description.limits());
    if (wait.isPositive()) {
      messages.postpone(
          message,
          clock.instant().plus(wait),
          OutboundTable.RATE_LIMITED + ": The channel has reached the platform's limit.");
      return;
    }
    ChannelAccount account;
    try {
      account = channelReader.account(channel, description);
    } catch (AccountUnusableException e) {
      retry(message, Duration.ZERO, UNAVAILABLE, String.valueOf(e.getMessage()));
      return;
    }
    int next = message.partIds().size();
    if (!messages.startRequest(message)) return; // It was cancelled.
    switch (send(platform, account, parts.get(next))) {
      case Sent(var id) -> {
        messages.recordPart(message, id);
        if (next + 1 == parts.size()) recordSent(message, id);
      }
      case Rejected(var reason) -> fail(message, "rejected", ofPart(next, parts.size(), reason));
      case RateLimited(var after) ->
          retry(message, after, OutboundTable.RATE_LIMITED, "The platform limits messages.");
      case Unavailable(var reason) -> retry(message, Duration.ZERO, UNAVAILABLE, reason);
      case OutcomeUnknown(var reason) -> {
        if (isRepeatable(platform)) retry(message, Duration.ZERO, OUTCOME_UNKNOWN, reason);
        else failUnknown(message, next, parts.size(), reason);
      }
    }
  }

  private static SendResult send(Platform platform, ChannelAccount account, OutboundPart part) {
    try {
      return platform.send(account, part);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) throw e;
      log.atWarn()
          .addKeyValue("channelId", account.channelId())
          .setCause(e)
          .log("cannot send a message");
      return new OutcomeUnknown("The request failed inside of the service.");
    }
  }

  /** Tries again later, for at most {@link #FAILURE_MAX}. */
  private void retry(PendingMessage message, Duration after, String code, String reason) {
    var now = clock.instant();
    var delay = DELAYS.get(Math.min(message.tries(), DELAYS.size() - 1));
    var retryAt = now.plus(after.compareTo(delay) > 0 ? after : delay);
    var firstTryAt = message.firstTryAt() == null ? now : message.firstTryAt();
    if (retryAt.isAfter(firstTryAt.plus(FAILURE_MAX))) fail(message, code, reason);
    else
      messages.recordFailure(
          message,
          now,
          retryAt,
          code + ": " + reason,
          message.requested() || code.equals(OUTCOME_UNKNOWN));
  }

  private void failUnknown(PendingMessage message, int part, int parts, String reason) {
    fail(
        message,
        OUTCOME_UNKNOWN,
        ofPart(part, parts, reason) + " The contact may have the message; it is not sent again.");
  }

  private static String ofPart(int part, int parts, String reason) {
    return parts == 1 ? reason : "Part " + (part + 1) + " of " + parts + ": " + reason;
  }

  private void fail(PendingMessage message, String code, String reason) {
    record(message, MessageStatus.FAILED, message.partIds(), code + ": " + reason);
  }

  private void recordSent(PendingMessage message, String lastPartId) {
    var ids = new ArrayList<>(message.partIds());
    ids.add(lastPartId);
    record(message, MessageStatus.SENT, ids, "");
  }

  private void recordSent(PendingMessage message) {
    record(message, MessageStatus.SENT, message.partIds(), "");
  }

  /** The row is removed with the event; also if the chat does not follow the message any more. */
  private void record(
      PendingMessage message, MessageStatus status, List<String> partIds, String failure) {
    commands.send(
        message.tenant(),
        new RecordChatDelivery(
            message.chat(),
            message.message(),
            status,
            partIds.stream().filter(id -> !id.isEmpty()).toList(),
            failure,
            clock.instant()));
    messages.remove(message.message());
  }
}
