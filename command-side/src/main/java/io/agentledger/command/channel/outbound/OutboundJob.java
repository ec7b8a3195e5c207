package io.agentledger.command.channel.outbound;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.agentledger.api.channel.ChatId;
import io.agentledger.command.channel.SlotShares;
import io.agentledger.command.channel.SlotShares.SlotRequest;
import io.agentledger.command.channel.outbound.OutboundTable.PendingMessage;
import io.agentledger.command.support.SerialJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.transaction.support.TransactionOperations;

/** Sends the messages of a chat in order. A chat has one job on all nodes. */
final class OutboundJob extends SerialJob {
  static final String NAME = "send-chat-messages";

  /** Time after which a job lets others run. */
  private static final Duration TURN_MAX = Duration.ofSeconds(20);

  private final OutboundTable messages;
  private final MessageSender sender;
  private final SlotShares shares;
  private final Clock clock;

  OutboundJob(
      OutboundTable messages,
      MessageSender sender,
      SlotShares shares,
      TransactionOperations transactions,
      Clock clock) {
    super(NAME, transactions);
    this.messages = messages;
    this.sender = sender;
    this.shares = shares;
    this.clock = clock;
  }

  static TaskInstance<Void> instance(ChatId chat) {
    return instance(NAME, chat.value());
  }

  @Override
  protected Optional<Instant> lockAndFindNextDueAt(String queue) {
    var chat = new ChatId(queue);
    messages.lock(chat);
    return messages.findNext(chat).map(PendingMessage::dueAt);
  }

  private Optional<PendingMessage> findDue(ChatId chat) {
    return messages.findNext(chat).filter(message -> !message.dueAt().isAfter(clock.instant()));
  }

  /** Sends what is due if the channel has a slot. */
  @Override
  protected Instant doTurn(String queue) {
    var chat = new ChatId(queue);
    var due = findDue(chat);
    if (due.isEmpty()) return clock.instant();
    return shares.run(
        new SlotRequest(queue, due.get().tenant(), due.get().channel()),
        () -> {
          send(due.get());
          return clock.instant();
        });
  }

  /** Sends a message, and then what is due until nothing is, or others shall run. */
  private void send(PendingMessage first) {
    var end = clock.instant().plus(TURN_MAX);
    var next = Optional.of(first);
    while (next.isPresent() && clock.instant().isBefore(end)) {
      sender.send(next.get());
      next = findDue(first.chat());
    }
  }
}
