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

/** A story that is read in the background, so that a person can be asked while it goes on. */
final class BackgroundStreamReader implements AutoCloseable {
  private final SessionEventStream sessionEventStream;
  private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

  BackgroundStreamReader(SessionEventStream sessionEventStream) {
    this.sessionEventStream = sessionEventStream;
    Thread.ofVirtual().name("story").start(this::read);
  }

  /** An item, or why there will be none any more. */
  private record Heard(@Nullable StreamItem item, @Nullable RuntimeException end) {}

  private void read() {
    try {
      for (var item = sessionEventStream.next(); item.isPresent(); item = sessionEventStream.next())
        heard.add(new Heard(item.get(), null));
    } catch (RuntimeException end) {
      heard.add(new Heard(null, end));
    }
  }

  /** The next item, if one comes in this time. What ended the story is thrown here. */
  Optional<StreamItem> poll(Duration timeout) {
    try {
      var next = heard.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) return Optional.empty();
      if (next.end() != null) throw next.end();
      return Optional.ofNullable(next.item());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException("Interrupted while waiting for the service.", stopped);
    }
  }

  /** Whether an item that says so has come already, though it has not been taken yet. */
  boolean isResolved(ActionId action) {
    return heard.stream()
        .anyMatch(
            next -> next.end() != null || next.item() != null && resolves(next.item(), action));
  }

  private static boolean resolves(StreamItem item, ActionId action) {
    return switch (item.body()) {
      case StreamItem.Permission asked ->
          asked.actionId().equals(action) && !asked.phase().equals("requested");
      case StreamItem.Question asked ->
          asked.actionId().equals(action) && !asked.phase().equals("asked");
      case StreamItem.Elicitation asked ->
          asked.actionId().equals(action) && !asked.phase().equals("asked");
      case StreamItem.Result end -> true;
      default -> false;
    };
  }

  @Override
  public void close() {
    sessionEventStream.close();
  }
}
