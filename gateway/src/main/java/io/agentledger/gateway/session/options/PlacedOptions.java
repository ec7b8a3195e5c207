package io.agentledger.gateway.session.options;

import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * Options of a query at their two places in the body: inside the field {@code options}, or flat
 * beside it. An option may be at both places only with the same value.
 *
 * @param <T> type of the options, a record
 * @param nested those of the field {@code options}; null without the field
 * @param flat those beside it; null for none
 */
public record PlacedOptions<T extends Record>(@Nullable T nested, @Nullable T flat) {
  /** Position of the options whose place is the field. */
  private static final String FIELD = "/options";

  /** Returns all options; null for none. Where values differ, the one inside the field counts. */
  public @Nullable T merged() {
    if (nested == null || flat == null) return nested == null ? flat : nested;
    var components = nested.getClass().getRecordComponents();
    var values =
        Arrays.stream(components)
            .map(option -> valueOf(option, valueOf(option, nested) == null ? flat : nested))
            .toArray();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      @SuppressWarnings("unchecked") // The class of an instance of T.
      var type = (Class<T>) nested.getClass();
      return ReflectionUtils.accessibleConstructor(type, types).newInstance(values);
    } catch (ReflectiveOperationException exception) {
      throw new IllegalStateException(exception);
    }
  }

  /** Returns a violation for each option that has different values at the two places. */
  public List<Violation> conflicts() {
    if (nested == null || flat == null) return List.of();
    return Arrays.stream(nested.getClass().getRecordComponents())
        .filter(option -> valueOf(option, nested) != null && valueOf(option, flat) != null)
        .filter(option -> !Objects.equals(valueOf(option, nested), valueOf(option, flat)))
        .map(option -> WireNames.toSnakeCase(option.getName()))
        .map(
            name ->
                Violation.body(
                    "/" + name,
                    "must not differ from " + FIELD + "/" + name + "; send one of both"))
        .toList();
  }

  /**
   * Returns the position of a value in the body.
   *
   * @param pointer position as if all options were inside the field
   */
  public String toPointer(String pointer) {
    if (!pointer.startsWith(FIELD + "/")) return pointer;
    var name = pointer.substring(FIELD.length() + 1).replaceFirst("/.*", "");
    return flatOnly().contains(name) ? pointer.substring(FIELD.length()) : pointer;
  }

  private Set<String> flatOnly() {
    var names = namesOf(flat);
    names.removeAll(namesOf(nested));
    return names;
  }

  private static Set<String> namesOf(@Nullable Record options) {
    return options == null
        ? new HashSet<>()
        : Arrays.stream(options.getClass().getRecordComponents())
            .filter(option -> valueOf(option, options) != null)
            .map(option -> WireNames.toSnakeCase(option.getName()))
            .collect(Collectors.toCollection(HashSet::new));
  }

  private static @Nullable Object valueOf(RecordComponent option, Record options) {
    return ReflectionUtils.invokeMethod(option.getAccessor(), options);
  }
}
