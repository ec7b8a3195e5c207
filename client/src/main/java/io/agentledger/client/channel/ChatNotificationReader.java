package io.agentledger.client.channel;

import io.agentledger.api.channel.ChatNotification;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.ServiceUnavailableException;
import io.agentledger.client.support.SseConnection;
import io.agentledger.client.support.SseParser;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads notifications about chats from one connection after another. For one thread. */
final class ChatNotificationReader {
  /** Silence after which a connection counts as lost; the service sends a ping every 15 s. */
  private static final Duration INACTIVITY_TIMEOUT = Duration.ofSeconds(45);

  private static final Duration RECONNECT_DELAY = Duration.ofMillis(500);

  /** Time without a connection after which reading fails. */
  private static final Duration UNAVAILABLE_MAX = Duration.ofMinutes(2);

  private final ApiHttpClient http;
  private final String path;
  private @Nullable String cursor;
  private long connectedNanos = System.nanoTime();

  ChatNotificationReader(ApiHttpClient http, String path) {
    this.http = http;
    this.path = path;
  }

  /** Reads notifications until the service ends the stream. */
  void readAll(Consumer<ChatNotification> onNotification) {
    while (true) {
      try (var connection = new SseConnection(http, path, cursor, INACTIVITY_TIMEOUT)) {
        connection.connect();
        connectedNanos = System.nanoTime();
        var events = new SseParser(connection);
        for (var event = events.next(); event.isPresent(); event = events.next()) {
          var notification = parse(event.get().data());
          onNotification.accept(notification);
          if (notification instanceof ChatNotification.Ended) return;
          cursor = notification.cursor();
          connectedNanos = System.nanoTime();
        }
        pause(new IOException("the service closed the stream"));
      } catch (ApiException exception) {
        // A service that is starting or stopping responds with 503.
        if (exception.status() != 503) throw exception;
        pause(exception);
      } catch (IOException exception) {
        pause(exception);
      } catch (InterruptedException exception) {
        throw interrupted(exception);
      }
    }
  }

  private static ChatNotification parse(String data) {
    try {
      return ClientJson.MAPPER.readValue(data, ChatNotification.class);
    } catch (JacksonException exception) {
      throw new ServiceUnavailableException(
          "The stream contains a notification that is not valid.", exception);
    }
  }

  private void pause(Exception cause) {
    if (System.nanoTime() - connectedNanos > UNAVAILABLE_MAX.toNanos())
      throw new ServiceUnavailableException("The service no longer responds.", cause);
    try {
      Thread.sleep(RECONNECT_DELAY);
    } catch (InterruptedException exception) {
      throw interrupted(exception);
    }
  }

  private static ServiceUnavailableException interrupted(InterruptedException exception) {
    Thread.currentThread().interrupt();
    return new ServiceUnavailableException("Interrupted while waiting for the chat.", exception);
  }
}
