package io.agentledger.projection.audit;

import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.WireNamed;
import io.agentledger.store.support.UntrustedJson;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Details of an event for the access audit: ids, constants, numbers, times and names, including the
 * host directories that a session opens with. Content is not decrypted, and hashes are omitted. Of
 * an address only the origin is shown, because its path may be secret.
 */
final class AuditDetails {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int TEXT_MAX = 300;
  private static final Set<String> NAME_FIELDS =
      Set.of("name", "target", "tool", "filter", "issuer", "prefix", "node");

  private AuditDetails() {}

  /** Fields of each type of events, because reflection copies them at each call. */
  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents()).map(Field::of).toList();
        }
      };

  /**
   * A field of an event.
   *
   * @param detail its name in the details
   */
  private record Field(String name, String detail, Method accessor) {
    static Field of(RecordComponent component) {
      String name = component.getName();
      boolean seconds = component.getType() == Duration.class;
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return new Field(name, snake(name) + (seconds ? "_seconds" : ""), accessor);
    }

    @Nullable Object value(Object event) {
      try {
        return accessor.invoke(event);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Returns a JSON object of texts. */
  static String toJson(Object event) {
    var details = new TreeMap<String, String>();
    for (var field : FIELDS.get(event.getClass())) {
      String text = text(field, event);
      if (text != null) details.put(field.detail(), truncate(text));
    }
    return toJson(details);
  }

  /** Returns a JSON object in the order of the names, so that each rebuild yields the same text. */
  static String toJson(SortedMap<String, String> details) {
    return JSON.writeValueAsString(details);
  }

  /**
   * Returns the number of occurrences that an event represents: one, unless it has a field for it.
   */
  static long count(Object event) {
    for (var field : FIELDS.get(event.getClass()))
      if (field.name().equals("count") && field.value(event) instanceof Long count) return count;
    return 1;
  }

  private static @Nullable String text(Field field, Object event) {
    return switch (field.value(event)) {
      case Id id -> id.value();
      case WireNamed named -> named.wireName();
      case Audience.Tenant ignored -> "tenant";
      case Audience.User user -> user.userId().value();
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case Money money -> money.usd();
      case Number number -> number.toString();
      case Boolean ignored -> ignored.toString();
      case Instant at -> at.toString();
      case Duration time ->
          BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
      case SealedFolder folder when !folder.equals(SealedFolder.NONE) -> "inode " + folder.inode();
      case List<?> list when !list.isEmpty() && list.getFirst() instanceof SealedDirectory ->
          directories(list);
      case String text when NAME_FIELDS.contains(field.name()) ->
          text.contains("://") ? ConfigurationJson.origin(text) : text;
      case null, default -> null;
    };
  }

  private static String directories(List<?> list) {
    return list.stream()
        .map(SealedDirectory.class::cast)
        .map(directory -> directory.name() + (directory.writable() ? " (writable)" : ""))
        .collect(Collectors.joining(", "));
  }

  private static String truncate(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
