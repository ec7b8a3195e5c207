package io.agentledger.command.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.LiveFrameBus;
import io.agentledger.api.session.stream.StreamItem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live lane within one node: each frame goes to those who listen now, on the sender's thread.
 */
public final class InMemoryFrameBus implements LiveFrameBus {
  private static final Logger log = LoggerFactory.getLogger(InMemoryFrameBus.class);

  /** Replaced as a whole when somebody comes or goes, so sending takes no lock. */
  private final Map<SessionId, List<Ear>> ears = new ConcurrentHashMap<>();

  /** One registration; the same listener may have several. */
  private static final class Ear {
    private final Consumer<StreamItem> listener;

    Ear(Consumer<StreamItem> listener) {
      this.listener = listener;
    }
  }

  @Override
  public void send(StreamItem frame) {
    for (var ear : ears.getOrDefault(frame.sessionId(), List.of())) deliver(ear, frame);
  }

  /** What one listener throws is its own affair; the frame itself is never logged. */
  private static void deliver(Ear ear, StreamItem frame) {
    try {
      ear.listener.accept(frame);
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("sessionId", frame.sessionId())
          .addKeyValue("type", frame.type())
          .setCause(e)
          .log("a listener of the live lane failed");
    }
  }

  @Override
  public Runnable listen(SessionId session, Consumer<StreamItem> listener) {
    var ear = new Ear(listener);
    ears.merge(
        session, List.of(ear), (old, one) -> Stream.concat(old.stream(), one.stream()).toList());
    return () -> ears.computeIfPresent(session, (id, all) -> without(ear, all));
  }

  private static @Nullable List<Ear> without(Ear ear, List<Ear> all) {
    var rest = all.stream().filter(other -> other != ear).toList();
    return rest.isEmpty() ? null : rest;
  }
}
