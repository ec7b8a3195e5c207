package io.agentledger.query.support;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.store.crypto.ContentUnavailableException;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.EventAliases;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decrypts content for authorized readers. Content that cannot be decrypted is replaced: "erased"
 * if its key was destroyed, "unavailable" if it was lost or tampered with. Streams and lists do not
 * fail because of it.
 */
public final class ContentReader {
  private static final Logger log = LoggerFactory.getLogger(ContentReader.class);

  /** Replaces erased text. */
  public static final String ERASED_TEXT = "[erased]";

  /** Replaces erased JSON; has a type, because blocks of messages have one. */
  public static final Json ERASED_JSON = new Json("{\"type\":\"erased\"}");

  /** Replaces unavailable text. */
  public static final String UNAVAILABLE_TEXT = "[unavailable]";

  /** Replaces unavailable JSON. */
  public static final Json UNAVAILABLE_JSON = new Json("{\"type\":\"unavailable\"}");

  private final Sealer sealer;
  private final EventAliases events;

  public ContentReader(Sealer sealer, EventAliases events) {
    this.sealer = sealer;
    this.events = events;
  }

  /** Reads the keys of subjects in one statement, before contents of them are decrypted. */
  public void prepare(Collection<? extends Id> subjects) {
    sealer.prepare(subjects);
  }

  /** Returns the text; null if it is absent. */
  public @Nullable String text(SessionEvent event, String field, Content content) {
    return text(event.sessionId(), SealedContent.of(event.getClass(), field, content));
  }

  /** Returns the JSON; null if it is absent. */
  public @Nullable Json json(SessionEvent event, String field, Content content) {
    return json(event.sessionId(), SealedContent.of(event.getClass(), field, content));
  }

  /** Returns the text; null if there is none. */
  public @Nullable String text(Id subject, @Nullable SealedContent sealed) {
    if (sealed == null) return null;
    try {
      return open(subject, sealed);
    } catch (ContentUnavailableException e) {
      return isErased(e) ? ERASED_TEXT : UNAVAILABLE_TEXT;
    }
  }

  /** Returns the JSON; null if there is none. */
  public @Nullable Json json(Id subject, @Nullable SealedContent sealed) {
    return json(subject, sealed, Json::new);
  }

  /** Converts the text with {@code write}; null if there is none. */
  public @Nullable Json json(
      Id subject, @Nullable SealedContent sealed, Function<String, Json> write) {
    if (sealed == null) return null;
    try {
      return write.apply(open(subject, sealed));
    } catch (ContentUnavailableException e) {
      return isErased(e) ? ERASED_JSON : UNAVAILABLE_JSON;
    }
  }

  /** Converts the text with {@code read}; empty if there is none, or it cannot be decrypted. */
  public <T> Optional<T> map(
      Id subject, @Nullable SealedContent sealed, Function<String, T> parser) {
    if (sealed == null) return Optional.empty();
    try {
      return Optional.of(parser.apply(open(subject, sealed)));
    } catch (ContentUnavailableException e) {
      return Optional.empty();
    }
  }

  private static boolean isErased(ContentUnavailableException e) {
    return e.reason() == ContentUnavailableException.Reason.ERASED;
  }

  private String open(Id subject, SealedContent sealed) {
    try {
      return sealer.open(subject, eventType(sealed), sealed.field(), sealed.content());
    } catch (ContentUnavailableException e) {
      if (!isErased(e))
        log.atError()
            .addKeyValue("subject", subject)
            .addKeyValue("event", sealed.event())
            .addKeyValue("field", sealed.field())
            .setCause(e)
            .log("content cannot be decrypted");
      throw e;
    }
  }

  private Class<?> eventType(SealedContent sealed) {
    Class<?> event = events.classOf(sealed.event());
    if (event == null)
      throw new IllegalStateException("not an event of this service: " + sealed.event());
    return event;
  }
}
