package io.agentledger.command.channel;

import io.agentledger.api.channel.ChatCommand;
import io.agentledger.api.channel.ChatCommand.RefuseChatMedia;
import io.agentledger.api.channel.ChatCommand.StoreChatMedia;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.command.channel.ChannelReader.AccountUnusableException;
import io.agentledger.command.channel.InboundItemTable.StoredItem;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MediaResult.Fetched;
import io.agentledger.command.channel.platform.MediaResult.Refused;
import io.agentledger.command.channel.platform.MediaResult.Unavailable;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.store.crypto.Sealer;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches files of messages from their platform. Their type is that of their bytes. */
final class MediaFetcher {
  /** Maximum size of a file. */
  static final long BYTES_MAX = 16L * 1024 * 1024;

  /** About an hour. */
  private static final int TRIES_MAX = 10;

  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(MediaFetcher.class);

  private final ChannelLookupTable channels;
  private final ChannelReader reader;
  private final PlatformRegistry platforms;
  private final Sealer sealer;

  MediaFetcher(
      ChannelLookupTable channels,
      ChannelReader reader,
      PlatformRegistry platforms,
      Sealer sealer) {
    this.channels = channels;
    this.reader = reader;
    this.platforms = platforms;
    this.sealer = sealer;
  }

  /**
   * Result of a try.
   *
   * @param command null if the file has to be fetched again
   * @param delay time before the next try
   */
  record FetchResult(@Nullable ChatCommand command, Duration delay) {}

  FetchResult fetch(
      StoredItem item, ChatId chat, ChatMessageId message, int index, MediaReference file) {
    return switch (fetch(item, file)) {
      case Fetched(var content) -> {
        var data = Base64.getEncoder().encodeToString(content.bytes());
        var sealed = sealer.seal(chat, ChatMediaStored.class, "data", data);
        yield new FetchResult(
            new StoreChatMedia(
                chat, message, index, sealed, content.mediaType(), content.bytes().length),
            Duration.ZERO);
      }
      case Refused(var reason) ->
          new FetchResult(new RefuseChatMedia(chat, message, index, reason), Duration.ZERO);
      case Unavailable(var reason, var wait) ->
          item.tries() >= TRIES_MAX
              ? new FetchResult(new RefuseChatMedia(chat, message, index, reason), Duration.ZERO)
              : new FetchResult(null, longer(wait, RETRY_DELAY.multipliedBy(1L << item.tries())));
    };
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private MediaResult fetch(StoredItem item, MediaReference file) {
    var channel = channels.find(item.channel()).orElseThrow();
    if (channel.archived()) return new Refused("The channel is archived.");
    var platform = platforms.find(channel.properties().platform()).orElseThrow();
    try {
      return platform.fetchMedia(reader.account(channel, platform.description()), file, BYTES_MAX);
    } catch (AccountUnusableException e) {
      return new Unavailable(String.valueOf(e.getMessage()), Duration.ZERO);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) throw e;
      log.atWarn()
          .addKeyValue("channelId", item.channel())
          .setCause(e)
          .log("cannot fetch a file"); // The other files of the chat do not wait for it.
      return new Unavailable("The request failed inside of the service.", Duration.ZERO);
    }
  }
}
