package io.agentledger.command.channel;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.agentledger.api.channel.ChatCommand;
import io.agentledger.api.channel.ChatCommand.ReceiveChatMessages;
import io.agentledger.api.channel.ChatCommand.ReceivedMessage;
import io.agentledger.api.channel.ChatCommand.RecordChatDelivery;
import io.agentledger.api.channel.ChatContact;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.command.channel.InboundItemTable.ItemStatus;
import io.agentledger.command.channel.InboundItemTable.StoredItem;
import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.MediaTypes;
import io.agentledger.command.support.SerialJob;
import io.agentledger.command.support.UntrustedText;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Records what platforms sent, in the order of its receipt. A chat has one job on all nodes, so
 * chats do not wait for each other; none waits for files, which {@link MediaJob} fetches.
 */
final class InboundJob extends SerialJob {
  static final String NAME = "record-chat-messages";

  private static final Logger log = LoggerFactory.getLogger(InboundJob.class);

  /**
   * A status can arrive before the result of the request that sent its message. The delay is
   * doubled with each try.
   */
  private static final Duration UNKNOWN_STATUS_DELAY = Duration.ofSeconds(2);

  private static final Duration UNKNOWN_STATUS_MAX = Duration.ofMinutes(10);
  private static final int NAME_LENGTH_MAX = 255;

  private final InboundItemTable items;
  private final Sealer sealer;
  private final ChatCommandSender commands;
  private final Clock clock;

  InboundJob(
      InboundItemTable items,
      Sealer sealer,
      ChatCommandSender commands,
      TransactionOperations transactions,
      Clock clock) {
    super(NAME, transactions);
    this.items = items;
    this.sealer = sealer;
    this.commands = commands;
    this.clock = clock;
  }

  static TaskInstance<Void> instance(String queue) {
    return instance(NAME, queue);
  }

  @Override
  protected Optional<Instant> lockAndFindNextDueAt(String queue) {
    items.lock(queue);
    return items.findNextDueAt(queue, ItemStatus.PENDING);
  }

  @Override
  protected Instant doTurn(String queue) {
    var due = items.findDue(queue, ItemStatus.PENDING, clock.instant(), ChatCommand.RECEIVED_MAX);
    var messages = new ArrayList<Received>();
    for (var item : due) {
      var opened = SealedItem.open(sealer, item.channel(), item.key(), item.payload());
      if (opened.message() != null) messages.add(new Received(item, opened.message()));
      else {
        recordMessages(queue, messages);
        recordStatus(item, Objects.requireNonNull(opened.status()));
      }
    }
    recordMessages(queue, messages);
    return clock.instant();
  }

  private record Received(StoredItem item, InboundMessage message) {}

  /** Records messages with one command, whose transaction marks their rows. */
  private void recordMessages(String queue, List<Received> messages) {
    if (messages.isEmpty()) return;
    var first = messages.getFirst();
    commands.sendFirst(
        first.item().tenant(),
        new ReceiveChatMessages(
            new ChatId(queue),
            first.item().channel(),
            new ChatContact(
                first.message().contactAddress(),
                UntrustedText.line(first.message().contactName(), NAME_LENGTH_MAX)),
            messages.stream().map(InboundJob::toMessage).toList()));
    messages.clear();
  }

  private static ReceivedMessage toMessage(Received received) {
    var message = received.message();
    var media =
        message.media().stream()
            .limit(ChatMessageContent.MEDIA_MAX)
            .map(
                file ->
                    new ChatMessageContent.Media(
                        file.id(), MediaTypes.safeName(file.name()), file.declaredType()))
            .toList();
    var content =
        new ChatMessageContent(
            UntrustedText.lines(message.text(), ChatMessageContent.TEXT_LENGTH_MAX),
            UntrustedText.line(message.unsupported(), NAME_LENGTH_MAX),
            media,
            null);
    return new ReceivedMessage(
        ChatMessageId.of(received.item().channel(), message.platformMessageId()),
        message.platformMessageId(),
        content,
        message.sentAt());
  }

  private void recordStatus(StoredItem item, InboundStatus status) {
    var sent = items.findSent(item.channel(), status.platformMessageId());
    if (sent.isEmpty()) {
      postponeUnknown(item);
      return;
    }
    // A message is delivered once its last part is.
    if (sent.get().isLast() || status.status() == DeliveryReport.FAILED)
      commands.send(
          item.tenant(),
          new RecordChatDelivery(
              sent.get().chat(),
              sent.get().message(),
              MessageStatus.valueOf(status.status().name()),
              List.of(status.platformMessageId()),
              status.failure(),
              status.at()));
    items.complete(item.number());
  }

  private void postponeUnknown(StoredItem item) {
    var now = clock.instant();
    var end = item.receivedAt().plus(UNKNOWN_STATUS_MAX);
    if (end.isAfter(now)) {
      var next = now.plus(UNKNOWN_STATUS_DELAY.multipliedBy(1L << Math.min(item.tries(), 10)));
      items.postpone(item.number(), next.isBefore(end) ? next : end);
      return;
    }
    log.atDebug()
        .addKeyValue("channelId", item.channel())
        .log("a status names a message that is not known");
    items.complete(item.number());
  }
}
