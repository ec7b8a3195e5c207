package io.agentledger.command.channel;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.command.channel.InboundItemTable.ItemStatus;
import io.agentledger.command.channel.InboundItemTable.StoredItem;
import io.agentledger.command.channel.SlotShares.SlotRequest;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Fetches the files of a chat's recorded messages. A chat has one job on all nodes, so its files
 * are fetched one after the other. A file that is fetched again after a crash is stored once,
 * because the chat ignores it.
 */
final class MediaJob {
  static final String NAME = "fetch-chat-media";

  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final InboundItemTable items;
  private final MediaFetcher media;
  private final Sealer sealer;
  private final ChatCommandSender commands;
  private final SlotShares shares;
  private final TransactionOperations transactions;
  private final Clock clock;

  MediaJob(
      InboundItemTable items,
      MediaFetcher media,
      Sealer sealer,
      ChatCommandSender commands,
      SlotShares shares,
      TransactionOperations transactions,
      Clock clock) {
    this.items = items;
    this.media = media;
    this.sealer = sealer;
    this.commands = commands;
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
              return completion(chat, fetchNext(chat));
            });
  }

  static TaskInstance<JobData> instance(ChatId chat) {
    return new TaskInstance<>(NAME, chat.value(), new JobData(chat.value()));
  }

  /** Ends the job under the lock of the chat's files, so that none is recorded unnoticed. */
  private CompletionHandler<JobData> completion(ChatId chat, Instant earliest) {
    return (complete, operations) ->
        transactions.executeWithoutResult(
            status -> {
              items.lockMedia(chat);
              items
                  .findNextDueAt(chat.value(), ItemStatus.RECORDED)
                  .ifPresentOrElse(
                      due -> operations.reschedule(complete, max(due, earliest)),
                      operations::remove);
            });
  }

  private static Instant max(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /** Fetches the files of one message, then lets others run; returns when the next turn begins. */
  private Instant fetchNext(ChatId chat) {
    var due = items.findDue(chat.value(), ItemStatus.RECORDED, clock.instant(), 1);
    if (due.isEmpty()) return clock.instant();
    var item = due.getFirst();
    return shares.run(
        new SlotRequest(chat.value(), item.tenant(), item.channel()),
        () -> {
          fetch(chat, item);
          return clock.instant();
        });
  }

  private void fetch(ChatId chat, StoredItem item) {
    var message = SealedItem.open(sealer, item.channel(), item.key(), item.payload()).message();
    var id = ChatMessageId.of(item.channel(), Objects.requireNonNull(message).platformMessageId());
    var files = message.media();
    var retryAt = Instant.MIN;
    for (int i = 0; i < files.size() && i < ChatMessageContent.MEDIA_MAX; i++) {
      var result = media.fetch(item, chat, id, i, files.get(i));
      if (result.command() != null) commands.send(item.tenant(), result.command());
      else retryAt = max(retryAt, clock.instant().plus(result.delay()));
    }
    if (retryAt.equals(Instant.MIN)) items.complete(item.number());
    else items.postpone(item.number(), retryAt);
  }
}
