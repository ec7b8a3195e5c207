package io.agentledger.store.content;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event as those see it who may see its content: its own fields, by their names outside. */
public final class Opened {
  private static final Logger log = LoggerFactory.getLogger(Opened.class);

  /** Stands where content was whose key has been destroyed. */
  public static final String ERASED = "[erased]";

  /** Stands where content should be that was lost or tampered with. */
  public static final String UNAVAILABLE = "[unavailable]";

  /** Content that holds JSON; all other content is plain text. */
  static final Set<String> JSON =
      Set.of(
          "SessionOpened.metadata",
          "MessageReceived.block",
          "ToolCalled.input",
          "ToolReturned.output",
          "TodoUpdated.todos",
          "RunCompleted.structuredOutput",
          "PermissionRequested.input",
          "PermissionDecided.updatedInput",
          "QuestionAsked.questions",
          "QuestionAnswered.answers",
          "ClientToolCalled.input",
          "ToolAnswered.output");

  private final Sealer sealer;

  public Opened(Sealer sealer) {
    this.sealer = sealer;
  }

  /**
   * The event's fields in their order, names in snake case: content opened (text as a string, JSON
   * as {@link Json}, absence as null), ids as strings, everything else as it is.
   */
  public Map<String, @Nullable Object> fields(SessionEvent event) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    for (RecordComponent field : event.getClass().getRecordComponents())
      fields.put(snake(field.getName()), shown(event, field.getName(), value(event, field)));
    return fields;
  }

  private @Nullable Object shown(SessionEvent event, String field, Object value) {
    return switch (value) {
      case Content.Absent() -> null;
      case Content content -> open(event, field, content);
      case Id id -> id.value();
      default -> value;
    };
  }

  private Object open(SessionEvent event, String field, Content content) {
    try {
      String text = sealer.open(event.sessionId(), event.getClass(), field, content);
      return JSON.contains(event.getClass().getSimpleName() + "." + field) ? new Json(text) : text;
    } catch (ContentUnavailable e) {
      if (e.reason() == ContentUnavailable.Reason.ERASED) return ERASED;
      log.atError()
          .addKeyValue("sessionId", event.sessionId())
          .addKeyValue("field", field)
          .setCause(e)
          .log("content cannot be opened");
      return UNAVAILABLE;
    }
  }

  private static Object value(SessionEvent event, RecordComponent field) {
    try {
      return field.getAccessor().invoke(event);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + field, e);
    }
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
