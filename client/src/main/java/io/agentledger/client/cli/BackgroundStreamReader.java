package io.agentledger.client.cli;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.session.SessionEventStream;
import io.agentledger.client.support.ServiceUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a stream in the background, so that the user can be prompted meanwhile. */
final class BackgroundStreamReader implements AutoCloseable {
  private final SessionEventStream eventStream;
  private final LinkedBlockingQueue<ReadResult> results = new LinkedBlockingQueue<>();

  BackgroundStreamReader(SessionEventStream eventStream) {
    this.eventStream = eventStream;
    Thread.ofVirtual().name("event-stream").start(this::readAll);
  }

  /** Result of one read: an item, or the cause why no more items follow. */
  private record ReadResult(@Nullable StreamItem item, @Nullable RuntimeException failure) {}

  private void readAll() {
    try {
      for (var item = eventStream.next(); item.isPresent(); item = eventStream.next())
        results.add(new ReadResult(item.get(), null));
    } catch (RuntimeException failure) {
      results.add(new ReadResult(null, failure));
    }
  }

  /**
   * Returns the next item if one arrives within the timeout; throws the cause if the stream has
   * failed.
   */
  Optional<StreamItem> poll(Duration timeout) {
    try {
      var result = results.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (result == null) return Optional.empty();
      if (result.failure() != null) throw result.failure();
      return Optional.ofNullable(result.item());
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(
          "Interrupted while waiting for the service.", exception);
    }
  }

  /**
   * Returns true if an item that resolves the action has been received, even if it was not polled
   * yet.
   */
  boolean isResolved(ActionId action) {
    return results.stream()
        .anyMatch(
            result ->
                result.failure() != null
                    || result.item() != null && isResolution(result.item(), action));
  }

  private static boolean isResolution(StreamItem item, ActionId action) {
    return switch (item.body()) {
      case StreamItem.Permission request ->
          request.actionId().equals(action) && !request.phase().equals("requested");
      case StreamItem.Question request ->
          request.actionId().equals(action) && !request.phase().equals("asked");
      case StreamItem.Elicitation request ->
          request.actionId().equals(action) && !request.phase().equals("asked");
      case StreamItem.Result result -> true;
      default -> false;
    };
  }

  @Override
  public void close() {
    eventStream.close();
  }
}
