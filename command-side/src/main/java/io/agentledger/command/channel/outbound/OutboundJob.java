package io.agentledger.command.channel.outbound;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.channel.ChatId;
import io.agentledger.command.channel.ChannelLookupTable;
import io.agentledger.command.channel.SlotShares;
import io.agentledger.command.channel.SlotShares.SlotRequest;
import io.agentledger.command.channel.outbound.OutboundTable.PendingMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.transaction.support.TransactionOperations;

/** Sends the messages of a chat in order. A chat has one job on all nodes. */
final class OutboundJob {
  static final String NAME = "send-chat-messages";

  /** Time after which a job lets others run. */
  private static final Duration TURN_MAX = Duration.ofSeconds(20);

  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final OutboundTable messages;
  private final ChannelLookupTable channels;
  private final MessageSender sender;
  private final SlotShares shares;
  private final TransactionOperations transactions;
  private final Clock clock;

  OutboundJob(
      OutboundTable messages,
      ChannelLookupTable channels,
      MessageSender sender,
      SlotShares shares,
      TransactionOperations transactions,
      Clock clock) {
    this.messages = messages;
    this.channels = channels;
    this.sender = sender;
    this.shares = shares;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** Data of a job, in plain types because the job table has a mapper of its own. */
  record JobData(String chat) {}

  CustomTask<JobData> task() {
    return Tasks.custom(NAME, JobData.class)
        .onFailure(
            (complete, operations) ->
                operations.reschedule(complete, complete.getTimeDone().plus(RETRY_DELAY)))
        .onDeadExecutionRevive()
        .execute(
            (instance, context) -> {
              var chat = new ChatId(instance.getData().chat());
              return completion(chat, sendInShare(chat));
            });
  }

  static TaskInstance<JobData> instance(ChatId chat) {
    return new TaskInstance<>(NAME, chat.value(), new JobData(chat.value()));
  }

  /** Ends the job under the lock of the chat, so that no message is stored unnoticed. */
  private CompletionHandler<JobData> completion(ChatId chat, Instant earliest) {
    return (complete, operations) ->
        transactions.executeWithoutResult(
            status -> {
              messages.lock(chat);
              findNext(chat)
                  .map(PendingMessage::dueAt)
                  .ifPresentOrElse(
                      due -> operations.reschedule(complete, max(due, earliest)),
                      operations::remove);
            });
  }

  private static Instant max(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /** Messages of a paused channel wait until it is resumed. */
  private Optional<PendingMessage> findNext(ChatId chat) {
    return messages
        .findFirst(chat)
        .filter(
            message ->
                channels
                    .find(message.channel())
                    .filter(channel -> channel.paused() && !channel.archived())
                    .isEmpty());
  }

  private Optional<PendingMessage> findDue(ChatId chat) {
    return findNext(chat).filter(message -> !message.dueAt().isAfter(clock.instant()));
  }

  /** Sends what is due if the channel has a slot; returns when the next turn may begin. */
  private Instant sendInShare(ChatId chat) {
    var due = findDue(chat);
    if (due.isEmpty()) return clock.instant();
    return shares.run(
        new SlotRequest(chat.value(), due.get().tenant(), due.get().channel()),
        () -> {
          send(chat);
          return clock.instant();
        });
  }

  /** Sends what is due, until nothing is, or others shall run. */
  private void send(ChatId chat) {
    var end = clock.instant().plus(TURN_MAX);
    while (clock.instant().isBefore(end)) {
      var next = findDue(chat);
      if (next.isEmpty()) return;
      sender.send(next.get());
    }
  }
}
