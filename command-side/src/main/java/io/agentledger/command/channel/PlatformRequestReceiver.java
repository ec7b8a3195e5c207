package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelReceiver;
import io.agentledger.api.channel.ChannelRequest;
import io.agentledger.api.shared.ChannelRejection.ChannelBacklogFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TriggerRejection.WebhookUnreadable;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import io.agentledger.command.channel.InboundItemTable.NewItem;
import io.agentledger.command.channel.InboundItemTable.SentMessage;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import io.agentledger.store.crypto.ChatIds;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.support.BoundedMap;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Verifies requests of platforms and stores their messages and statuses, without a command: an
 * acknowledgement costs one transaction. Thread-safe.
 */
final class PlatformRequestReceiver implements ChannelReceiver {
  /** Maximum number of pending items of a channel, as it was counted in the last second. */
  static final int PENDING_MAX = 50_000;

  /** As many as WhatsApp sends at most. */
  private static final int ITEMS_MAX = 1_000;

  private static final Duration COUNT_AGE_MAX = Duration.ofSeconds(1);
  private static final int COUNTED_CHANNELS_MAX = 1_000;

  private final ChannelLookupTable channels;
  private final ChannelReader reader;
  private final PlatformRegistry platforms;
  private final InboundItemTable items;
  private final InboundJobs jobs;
  private final ChatIds chatIds;
  private final Sealer sealer;
  private final TransactionOperations transactions;
  private final Clock clock;
  private final Map<ChannelId, Backlog> backlogs = BoundedMap.accessOrdered(COUNTED_CHANNELS_MAX);

  PlatformRequestReceiver(
      ChannelLookupTable channels,
      ChannelReader reader,
      PlatformRegistry platforms,
      InboundItemTable items,
      InboundJobs jobs,
      ChatIds chatIds,
      Sealer sealer,
      TransactionOperations transactions,
      Clock clock) {
    this.channels = channels;
    this.reader = reader;
    this.platforms = platforms;
    this.items = items;
    this.jobs = jobs;
    this.chatIds = chatIds;
    this.sealer = sealer;
    this.transactions = transactions;
    this.clock = clock;
  }

  private record Backlog(Instant countedAt, boolean isFull) {}

  private final class Target implements PendingRequest {
    private final StoredChannel channel;
    private final Platform platform;

    Target(StoredChannel channel, Platform platform) {
      this.channel = channel;
      this.platform = platform;
    }

    boolean permits(ChannelRequest headers) {
      return headers.method().equals("GET")
          ? platform.description().handshake().equals("GET")
          : platform.hasCredentials(toPlatform(headers), clock.instant());
    }

    @Override
    public int bodyLimit() {
      return ChannelRequest.BODY_BYTES_MAX;
    }

    @Override
    public Optional<ChannelResponse> receive(ChannelRequest request) {
      return PlatformRequestReceiver.this.receive(channel, platform, toPlatform(request));
    }
  }

  @Override
  public Optional<PendingRequest> find(ChannelAddress address, ChannelRequest headers) {
    return channels
        .findReceiving(address.channelId())
        .filter(channel -> channel.properties().platform().equals(address.platform()))
        .flatMap(
            channel ->
                platforms.find(address.platform()).map(platform -> new Target(channel, platform)))
        .filter(target -> target.permits(headers))
        .map(target -> target);
  }

  private static PlatformRequest toPlatform(ChannelRequest request) {
    return new PlatformRequest(
        request.method(), request.rawQuery(), request.headers(), request.body());
  }

  private Optional<ChannelResponse> receive(
      StoredChannel channel, Platform platform, PlatformRequest request) {
    var now = clock.instant();
    var account = reader.verifyingAccount(channel);
    var handshake = platform.handshake(account, request, now);
    if (handshake.isPresent())
      return handshake.map(answer -> new ChannelHandshake(answer.mediaType(), answer.body()));
    boolean isVerified =
        request.method().equals("POST")
            && platform.hasCredentials(request, now)
            && platform.verify(account, request, now);
    if (!isVerified) return Optional.empty();
    try {
      var read = platform.read(account, request);
      return Optional.of(new ChannelReceipt(store(channel, read, now)));
    } catch (UnreadableRequestException e) {
      throw new RejectionException(new WebhookUnreadable(Objects.requireNonNull(e.getMessage())));
    }
  }

  /**
   * Stores verified items, and returns the number of those that are new.
   *
   * @throws RejectionException if too many items of the channel wait
   */
  int store(StoredChannel channel, List<InboundItem> read, Instant now) {
    if (read.isEmpty()) return 0;
    if (read.size() > ITEMS_MAX)
      throw new RejectionException(
          new WebhookUnreadable(
              "A request must have at most %d messages and statuses.".formatted(ITEMS_MAX)));
    if (isFull(channel.id(), now))
      throw new RejectionException(new ChannelBacklogFull(PENDING_MAX));
    var sealed = new ArrayList<NewItem>();
    for (var item : read) sealed.add(seal(channel, item.receivedAt(now), now));
    var stored = transactions.execute(status -> insert(sealed, now));
    return stored == null ? 0 : stored;
  }

  private NewItem seal(StoredChannel channel, InboundItem item, Instant now) {
    var id = item.platformMessageId();
    var key =
        switch (item) {
          case InboundMessage _ -> InboundItemTable.messageKey(id);
          case InboundStatus status -> InboundItemTable.statusKey(id, status.status());
        };
    var queue =
        switch (item) {
          case InboundMessage message ->
              chatIds.of(channel.tenant(), channel.id(), message.contactAddress()).value();
          case InboundStatus _ ->
              items
                  .findSent(channel.id(), id)
                  .map(SentMessage::chat)
                  .map(Record::toString)
                  .orElse(channel.id().value());
        };
    var payload = SealedItem.seal(sealer, channel.id(), key, item);
    return new NewItem(channel.tenant(), channel.id(), key, queue, payload, now);
  }

  private int insert(List<NewItem> sealed, Instant now) {
    sealed.sort(Comparator.comparing(NewItem::queue)); // Locked in order.
    int stored = 0;
    var queues = new LinkedHashSet<String>();
    for (var item : sealed)
      if (items.insert(item)) {
        stored++;
        queues.add(item.queue());
      }
    for (var queue : queues) jobs.enqueue(queue, now);
    return stored;
  }

  private boolean isFull(ChannelId channel, Instant now) {
    synchronized (backlogs) {
      var known = backlogs.get(channel);
      if (known != null && known.countedAt().plus(COUNT_AGE_MAX).isAfter(now))
        return known.isFull();
    }
    boolean isFull = items.countPending(channel, PENDING_MAX) >= PENDING_MAX;
    synchronized (backlogs) {
      backlogs.put(channel, new Backlog(now, isFull));
    }
    return isFull;
  }
}
