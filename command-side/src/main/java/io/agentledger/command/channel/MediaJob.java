package io.agentledger.command.channel;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.command.channel.InboundItemTable.ItemStatus;
import io.agentledger.command.channel.InboundItemTable.StoredItem;
import io.agentledger.command.channel.SlotShares.SlotRequest;
import io.agentledger.command.support.SerialJob;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Fetches the files of a chat's recorded messages. A chat has one job on all nodes, so its files
 * are fetched one after the other. A file that is fetched again after a crash is stored once,
 * because the chat ignores it.
 */
final class MediaJob extends SerialJob {
  static final String NAME = "fetch-chat-media";

  private final InboundItemTable items;
  private final MediaFetcher media;
  private final Sealer sealer;
  private final ChatCommandSender commands;
  private final SlotShares shares;
  private final Clock clock;

  MediaJob(
      InboundItemTable items,
      MediaFetcher media,
      Sealer sealer,
      ChatCommandSender commands,
      SlotShares shares,
      TransactionOperations transactions,
      Clock clock) {
    super(NAME, transactions);
    this.items = items;
    this.media = media;
    this.sealer = sealer;
    this.commands = commands;
    this.shares = shares;
    this.clock = clock;
  }

  static TaskInstance<Void> instance(ChatId chat) {
    return instance(NAME, chat.value());
  }

  @Override
  protected Optional<Instant> lockAndFindNextDueAt(String chat) {
    items.lockMedia(new ChatId(chat));
    return items.findNextDueAt(chat, ItemStatus.RECORDED);
  }

  /** Fetches the files of one message, then lets others run. */
  @Override
  protected Instant doTurn(String chat) {
    var due = items.findDue(chat, ItemStatus.RECORDED, clock.instant(), 1);
    if (due.isEmpty()) return clock.instant();
    var item = due.getFirst();
    return shares.run(
        new SlotRequest(chat, item.tenant(), item.channel()),
        () -> {
          fetch(new ChatId(chat), item);
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

  private static Instant max(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
