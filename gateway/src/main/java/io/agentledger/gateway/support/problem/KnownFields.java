package io.agentledger.gateway.support.problem;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.validation.SimilarNames;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Names of the fields of a JSON object, from which the rule for an unknown one is made. */
final class KnownFields {
  /** Maximum number of names in a rule. */
  private static final int LISTED_MAX = 40;

  /** Maximum length of a name for which a similar one is searched. */
  private static final int COMPARED_LENGTH_MAX = 64;

  private KnownFields() {}

  /** Returns the violated rule, with the field that the client probably meant, or all fields. */
  static String ruleFor(UnrecognizedPropertyException unknown) {
    var ids = unknown.getKnownPropertyIds();
    var fields =
        ids == null ? List.<String>of() : ids.stream().map(String::valueOf).sorted().toList();
    if (fields.isEmpty()) return "is not a known field; the object has no fields";
    return "is not a known field; "
        + findIntended(unknown.getPropertyName(), fields, nestedFields(unknown.getReferringClass()))
            .orElseGet(() -> "the fields are " + list(fields));
  }

  private static Optional<String> findIntended(
      String name, List<String> fields, List<String> nested) {
    if (name.length() > COMPARED_LENGTH_MAX) return Optional.empty();
    var wireName = WireNames.toSnakeCase(name);
    return nested.stream()
        .filter(field -> field.endsWith("." + wireName))
        .findFirst()
        .map(field -> "did you mean " + field + "?")
        .or(() -> SimilarNames.question(wireName, fields));
  }

  /** Returns the fields of the objects that are fields of the type: {@code options.model}. */
  private static List<String> nestedFields(@Nullable Class<?> type) {
    var nested = new ArrayList<String>();
    for (var outer : components(type))
      for (var inner : components(outer.getType())) nested.add(nameOf(outer) + "." + nameOf(inner));
    return nested;
  }

  private static List<RecordComponent> components(@Nullable Class<?> type) {
    return type == null || !type.isRecord() ? List.of() : Arrays.asList(type.getRecordComponents());
  }

  private static String nameOf(RecordComponent component) {
    var explicit = component.getAccessor().getAnnotation(JsonProperty.class);
    return explicit == null || explicit.value().isEmpty()
        ? WireNames.toSnakeCase(component.getName())
        : explicit.value();
  }

  private static String list(List<String> fields) {
    var listed = String.join(", ", fields.subList(0, Math.min(fields.size(), LISTED_MAX)));
    return fields.size() > LISTED_MAX ? listed + " and others" : listed;
  }
}
