package io.agentledger.query.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.query.support.ContentReader;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of an event for the stream, in their order and with their API names, decrypted;
 * nested records with content likewise. Omits fields that every stream item has, and those that are
 * needed for recording only.
 */
final class EventFields {
  private static final Set<String> OMITTED_FIELDS =
      Set.of(
          "sessionId",
          "runId",
          "threadId",
          "sourcePosition",
          "blocks", // megabytes of attachments
          "manifest", // a reference to internal content
          "hostPath", // a path on the host
          "definition", // of a hook: headers, for those who may list them
          "capabilities", // long, the same in most sessions, and available by a query
          "values"); // values of variables, which may be secrets

  /** Content that is JSON; all other content is text. */
  private static final Set<String> JSON =
      Set.of(
          "metadata",
          "clientTools",
          "definitions",
          "block",
          "input",
          "output",
          "paths",
          "updatedInput",
          "questions",
          "answers",
          "todos",
          "breakdown",
          "structuredOutput");

  private static final ClassValue<List<Field>> FIELDS_BY_TYPE =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> event) {
          return Arrays.stream(event.getRecordComponents())
              .filter(component -> !OMITTED_FIELDS.contains(component.getName()))
              .map(Field::from)
              .toList();
        }
      };

  /**
   * Tells whether a record contains content, which is decrypted; other records are shown unchanged.
   */
  private static final ClassValue<Boolean> HOLDS_CONTENT =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return type.isRecord()
              && !Content.class.isAssignableFrom(type)
              && Arrays.stream(type.getRecordComponents())
                  .anyMatch(component -> component.getType() == Content.class);
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

    Object valueOf(Object event) {
      try {
        return Objects.requireNonNull(accessor.invoke(event));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + accessor, e);
      }
    }
  }

  Map<String, Object> fieldsOf(SessionEvent event) {
    return fieldsOf(event, event, "");
  }

  /**
   * Reads the fields of a record.
   *
   * @param holder the event, or a record in it
   * @param path path of the record, with a trailing dot
   */
  private Map<String, Object> fieldsOf(SessionEvent event, Object holder, String path) {
    var fields = new LinkedHashMap<String, Object>();
    for (Field field : FIELDS_BY_TYPE.get(holder.getClass())) {
      Object value = toJsonValue(event, field, field.valueOf(holder), path);
      if (value instanceof Duration measured)
        fields.put(field.wireName() + "_ms", measured.toMillis());
      else if (value != null) fields.put(field.wireName(), value);
    }
    return fields;
  }

  private @Nullable Object toJsonValue(SessionEvent event, Field field, Object value, String path) {
    String position = path + field.name();
    return switch (value) {
      case Content content ->
          JSON.contains(field.name())
              ? contentReader.json(event, position, content)
              : contentReader.text(event, position, content);
      case SealedFolder none when none.equals(SealedFolder.NONE) -> null;
      case Record nested when holdsContent(nested) -> fieldsOf(event, nested, position + ".");
      case List<?> list when list.stream().anyMatch(EventFields::holdsContent) ->
          list.stream().map(nested -> fieldsOf(event, nested, position + ".")).toList();
      default -> value;
    };
  }

  private static boolean holdsContent(Object value) {
    return HOLDS_CONTENT.get(value.getClass());
  }
}
