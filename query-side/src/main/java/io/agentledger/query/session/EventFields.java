package io.agentledger.query.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.query.support.ContentReader;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that an event has of its own, in its order and in the names of the wire, opened. What
 * every item says of itself already is left out, and so is what only recording needs.
 */
final class EventFields {
  private static final Set<String> LEFT_OUT =
      Set.of(
          "sessionId",
          "runId",
          "threadId",
          "place",
          "blocks", // megabytes of what somebody attached
          "hostPath", // where a folder lies on the host
          "capabilities", // the same in most sessions, and long; whoever wants them asks for them
          "values"); // of variables, which may be secrets: they are named and never shown

  /** Content that is JSON; all other content is text. */
  private static final Set<String> JSON =
      Set.of(
          "metadata",
          "clientTools",
          "definitions",
          "block",
          "input",
          "output",
          "updatedInput",
          "questions",
          "answers",
          "todos",
          "breakdown",
          "structuredOutput");

  private static final ClassValue<List<Field>> OF =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> event) {
          return Arrays.stream(event.getRecordComponents())
              .filter(component -> !LEFT_OUT.contains(component.getName()))
              .map(Field::from)
              .toList();
        }
      };

  private final ContentReader contentReader;

  EventFields(ContentReader contentReader) {
    this.contentReader = contentReader;
  }

  private record Field(String name, String wireName, Method accessor) {
    static Field from(RecordComponent component) {
      String name = component.getName();
      String wire = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
      return new Field(name, wire, component.getAccessor());
    }

    Object in(SessionEvent event) {
      try {
        return Objects.requireNonNull(accessor.invoke(event));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + accessor, e);
      }
    }
  }

  Map<String, Object> fieldsOf(SessionEvent event) {
    var fields = new LinkedHashMap<String, Object>();
    for (Field field : OF.get(event.getClass())) {
      Object value = shown(event, field);
      if (value != null) fields.put(field.wireName(), value);
    }
    return fields;
  }

  private @Nullable Object shown(SessionEvent event, Field field) {
    Object value = field.in(event);
    if (!(value instanceof Content content)) return value;
    return JSON.contains(field.name())
        ? contentReader.json(event, field.name(), content)
        : contentReader.text(event, field.name(), content);
  }
}
