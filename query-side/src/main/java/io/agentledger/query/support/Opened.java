package io.agentledger.query.support;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Json;
import io.agentledger.projection.support.Sealed;
import io.agentledger.store.content.ContentUnavailable;
import io.agentledger.store.content.Sealer;
import io.agentledger.store.event.Aliases;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens content for those who may see it. What cannot be opened any more, because its key was
 * destroyed, is shown as erased: a fact stays a fact, and a stream goes on.
 */
public final class Opened {
  /** Stands where text was. */
  public static final String ERASED_TEXT = "[erased]";

  /** Stands where JSON was; has a type, for a block of a message has one. */
  public static final Json ERASED_JSON = new Json("{\"type\":\"erased\"}");

  private final Sealer sealer;
  private final Aliases events;

  public Opened(Sealer sealer, Aliases events) {
    this.sealer = sealer;
    this.events = events;
  }

  /** Null when it is absent. */
  public @Nullable String text(SessionEvent event, String field, Content content) {
    return text(event.sessionId(), Sealed.of(event.getClass(), field, content));
  }

  /** Null when it is absent. */
  public @Nullable Json json(SessionEvent event, String field, Content content) {
    return json(event.sessionId(), Sealed.of(event.getClass(), field, content));
  }

  /** Null when there is none. */
  public @Nullable String text(SessionId session, @Nullable Sealed sealed) {
    return sealed == null ? null : open(session, sealed).orElse(ERASED_TEXT);
  }

  /** Null when there is none. */
  public @Nullable Json json(SessionId session, @Nullable Sealed sealed) {
    return sealed == null ? null : open(session, sealed).map(Json::new).orElse(ERASED_JSON);
  }

  /** What {@code read} makes of the text; empty when there is none, or it is erased. */
  public <T> Optional<T> map(SessionId session, @Nullable Sealed sealed, Function<String, T> read) {
    return sealed == null ? Optional.empty() : open(session, sealed).map(read);
  }

  private Optional<String> open(SessionId session, Sealed sealed) {
    try {
      return Optional.of(sealer.open(session, event(sealed), sealed.field(), sealed.content()));
    } catch (ContentUnavailable erased) {
      return Optional.empty();
    }
  }

  private Class<? extends SessionEvent> event(Sealed sealed) {
    Class<?> event = events.classOf(sealed.event());
    if (event == null) throw new IllegalStateException("no event of ours: " + sealed.event());
    return event.asSubclass(SessionEvent.class);
  }
}
