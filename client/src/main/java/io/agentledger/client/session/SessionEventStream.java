package io.agentledger.client.session;

import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.ServiceUnavailableException;
import io.agentledger.client.support.SseConnection;
import io.agentledger.client.support.SseParser;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A session's stream, read one item at a time. A connection that breaks, or that is silent for
 * longer than the service may be, is made again behind the last fact that was read: every fact
 * comes exactly once and in order; frames that fall into the gap are missed. For one reading
 * thread; any thread may close it.
 */
public final class SessionEventStream implements AutoCloseable {
  private final ApiHttpClient http;
  private final String path;
  private final ReconnectPolicy reconnectPolicy;
  private final AtomicReference<@Nullable SseConnection> open = new AtomicReference<>();
  private volatile boolean closed;
  private long last;
  private @Nullable SseParser parser;

  /** When the connection was lost that has not been mended yet; 0 when it is well. */
  private long lostNanos;

  private Duration pause = Duration.ZERO;

  SessionEventStream(ApiHttpClient http, String path, long after, ReconnectPolicy reconnectPolicy) {
    this.http = http;
    this.path = path;
    this.last = after;
    this.reconnectPolicy = reconnectPolicy;
  }

  /**
   * How long a lost service is waited for.
   *
   * @param silence after which a connection counts as lost; the service pings every 15 s
   * @param firstPause before the second try to connect; it doubles up to {@code longestPause}
   * @param giveUp since the connection was lost
   * @param onLost hears why, each time a connection is lost or cannot be made
   */
  public record ReconnectPolicy(
      Duration silence,
      Duration firstPause,
      Duration longestPause,
      Duration giveUp,
      Consumer<String> onLost) {
    public static ReconnectPolicy standard(Consumer<String> onLost) {
      return new ReconnectPolicy(
          Duration.ofSeconds(45),
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          Duration.ofMinutes(2),
          onLost);
    }
  }

  /** Sequence of the last fact that was read, or where the story began. */
  public long last() {
    return last;
  }

  /**
   * The next item; blocks until there is one. Empty once the story has been closed.
   *
   * @throws ServiceUnavailableException when the service stays away for longer than it is waited
   *     for
   */
  public Optional<StreamItem> next() {
    while (!closed) {
      try {
        var item = read(connected());
        lostNanos = 0;
        if (item.isPresent()) return item;
      } catch (IOException lost) {
        disconnect();
        if (!closed) backOff(lost);
      }
    }
    return Optional.empty();
  }

  /** An item that is new, or nothing when this one was known. */
  private Optional<StreamItem> read(SseParser from) throws IOException {
    var event = from.next().orElseThrow(() -> new IOException("the service closed the stream"));
    StreamItem item;
    try {
      item = ClientJson.MAPPER.readValue(event.data(), StreamItem.class);
    } catch (JacksonException unreadable) {
      throw new ServiceUnavailableException(
          "The stream holds what is no item of a story.", unreadable);
    }
    var sequence = item.sequence();
    if (sequence == null) return Optional.of(item);
    if (sequence <= last) return Optional.empty();
    if (sequence > last + 1) throw new IOException("facts are missing before " + sequence);
    last = sequence;
    return Optional.of(item);
  }

  private SseParser connected() throws IOException {
    var known = parser;
    if (known != null) return known;
    try {
      var sseConnection = new SseConnection(http, path, last, reconnectPolicy.silence());
      open.set(sseConnection);
      if (closed) sseConnection.close();
      sseConnection.connect();
      var fresh = new SseParser(sseConnection);
      parser = fresh;
      return fresh;
    } catch (ApiException said) {
      // A service that is starting or stopping says so; it is waited for like one that is away.
      if (said.status() == 503) throw new IOException(said);
      throw said;
    } catch (InterruptedException stopped) {
      throw stopped(stopped);
    }
  }

  /** The first pause after the last item that was read, or twice the one before. */
  private void backOff(IOException why) {
    var now = System.nanoTime();
    if (lostNanos == 0) {
      lostNanos = now;
      pause = reconnectPolicy.firstPause();
    } else if (now - lostNanos > reconnectPolicy.giveUp().toNanos())
      throw new ServiceUnavailableException("The service does not answer any more.", why);
    reconnectPolicy.onLost().accept(String.valueOf(why.getMessage()));
    try {
      Thread.sleep(pause);
    } catch (InterruptedException stopped) {
      throw stopped(stopped);
    }
    var longer = pause.multipliedBy(2);
    pause =
        longer.compareTo(reconnectPolicy.longestPause()) > 0
            ? reconnectPolicy.longestPause()
            : longer;
  }

  private static ServiceUnavailableException stopped(InterruptedException stopped) {
    Thread.currentThread().interrupt();
    return new ServiceUnavailableException("Interrupted while waiting for the service.", stopped);
  }

  private void disconnect() {
    parser = null;
    var sseConnection = open.getAndSet(null);
    if (sseConnection != null) sseConnection.close();
  }

  @Override
  public void close() {
    closed = true;
    var sseConnection = open.getAndSet(null);
    if (sseConnection != null) sseConnection.close();
  }
}
