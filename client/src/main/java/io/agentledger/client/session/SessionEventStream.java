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
 * Reads a session's stream one item at a time. Reconnects after the last event that was read when
 * the connection breaks or is inactive for too long: every event arrives exactly once and in order;
 * transient events sent meanwhile are missed. For one reading thread; any thread may close it.
 */
public final class SessionEventStream implements AutoCloseable {
  private final ApiHttpClient http;
  private final String path;
  private final ReconnectPolicy reconnectPolicy;
  private final AtomicReference<@Nullable SseConnection> openConnection = new AtomicReference<>();
  private volatile boolean closed;
  private long lastSequence;
  private @Nullable SseParser parser;

  /** Time when the connection was lost; 0 while it is open. */
  private long disconnectedNanos;

  private Duration pause = Duration.ZERO;

  SessionEventStream(ApiHttpClient http, String path, long after, ReconnectPolicy reconnectPolicy) {
    this.http = http;
    this.path = path;
    this.lastSequence = after;
    this.reconnectPolicy = reconnectPolicy;
  }

  /**
   * Policy for reconnecting and for giving up.
   *
   * @param inactivityTimeout time without data after which a connection counts as lost; the service
   *     sends a ping every 15 s
   * @param initialDelay delay before the second attempt to connect; it doubles up to {@code
   *     maxDelay}
   * @param maxElapsed time since the connection was lost after which reading fails
   * @param onDisconnect called with the cause each time a connection is lost or cannot be made
   */
  public record ReconnectPolicy(
      Duration inactivityTimeout,
      Duration initialDelay,
      Duration maxDelay,
      Duration maxElapsed,
      Consumer<String> onDisconnect) {
    public static ReconnectPolicy defaults(Consumer<String> onDisconnect) {
      return new ReconnectPolicy(
          Duration.ofSeconds(45),
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          Duration.ofMinutes(2),
          onDisconnect);
    }
  }

  /**
   * Returns the sequence of the last event that was read, or the one that the stream started after.
   */
  public long lastSequence() {
    return lastSequence;
  }

  /**
   * Reads the next item; blocks until there is one. Empty once the stream has been closed.
   *
   * @throws ServiceUnavailableException if the service is unavailable for longer than {@code
   *     maxElapsed}
   */
  public Optional<StreamItem> next() {
    while (!closed) {
      try {
        var item = readItem(connect());
        disconnectedNanos = 0;
        if (item.isPresent()) return item;
      } catch (IOException exception) {
        disconnect();
        if (!closed) backOff(exception);
      }
    }
    return Optional.empty();
  }

  /** Reads an item; empty for a duplicate. */
  private Optional<StreamItem> readItem(SseParser source) throws IOException {
    var event = source.next().orElseThrow(() -> new IOException("the service closed the stream"));
    StreamItem item;
    try {
      item = ClientJson.MAPPER.readValue(event.data(), StreamItem.class);
    } catch (JacksonException exception) {
      throw new ServiceUnavailableException(
          "The stream contains an item that is not valid.", exception);
    }
    var sequence = item.sequence();
    if (sequence == null) return Optional.of(item);
    if (sequence <= lastSequence) return Optional.empty();
    if (sequence > lastSequence + 1) throw new IOException("events are missing before " + sequence);
    lastSequence = sequence;
    return Optional.of(item);
  }

  private SseParser connect() throws IOException {
    var current = parser;
    if (current != null) return current;
    try {
      var connection =
          new SseConnection(http, path, lastSequence, reconnectPolicy.inactivityTimeout());
      openConnection.set(connection);
      if (closed) connection.close();
      connection.connect();
      var newParser = new SseParser(connection);
      parser = newParser;
      return newParser;
    } catch (ApiException exception) {
      // A service that is starting or stopping responds with 503; retried like an unreachable one.
      if (exception.status() == 503) throw new IOException(exception);
      throw exception;
    } catch (InterruptedException exception) {
      throw interrupted(exception);
    }
  }

  /**
   * Waits for the initial delay after the last item that was read, later for twice the previous
   * delay.
   */
  private void backOff(IOException cause) {
    var now = System.nanoTime();
    if (disconnectedNanos == 0) {
      disconnectedNanos = now;
      pause = reconnectPolicy.initialDelay();
    } else if (now - disconnectedNanos > reconnectPolicy.maxElapsed().toNanos())
      throw new ServiceUnavailableException("The service no longer responds.", cause);
    reconnectPolicy.onDisconnect().accept(String.valueOf(cause.getMessage()));
    try {
      Thread.sleep(pause);
    } catch (InterruptedException exception) {
      throw interrupted(exception);
    }
    var doubled = pause.multipliedBy(2);
    pause =
        doubled.compareTo(reconnectPolicy.maxDelay()) > 0 ? reconnectPolicy.maxDelay() : doubled;
  }

  private static ServiceUnavailableException interrupted(InterruptedException exception) {
    Thread.currentThread().interrupt();
    return new ServiceUnavailableException("Interrupted while waiting for the service.", exception);
  }

  private void disconnect() {
    parser = null;
    var connection = openConnection.getAndSet(null);
    if (connection != null) connection.close();
  }

  @Override
  public void close() {
    closed = true;
    var connection = openConnection.getAndSet(null);
    if (connection != null) connection.close();
  }
}
