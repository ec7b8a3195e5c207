package io.agentledger.gateway.docs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.agentledger.scripted.openapi.WireSchemaConverter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Descriptions and examples of the API documents: from the tables in {@code resources/openapi}, and
 * from the Javadoc of the types that are described.
 */
final class ApiTexts {
  /** Javadoc of a component that only makes sense behind a description of its name. */
  private static final Pattern FRAGMENT =
      Pattern.compile("(null|absent|never|private if|by default)\\b.*");

  /** Javadoc that is a part of a sentence: the description of the name is better. */
  private static final Pattern PART =
      Pattern.compile(
          "(of|for|from|since|with|by|in|when|as|empty|zero|to|at|if|likewise|including|only"
              + "|instead|before|while|until|the same|its|seconds|0|\\[)(\\b|1).*");

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, List<Object>> properties = table("properties");
  private final Map<String, List<Object>> parameters = table("parameters");
  private final Map<String, String> schemas = table("schemas");
  private final Map<String, String> operations = table("operations");
  private final Map<String, Map<String, Object>> requests = table("requests");
  private final Map<String, Object> bodies = table("bodies");
  private final Map<Integer, Map<String, String>> problems = table("problems");
  private final Map<String, Class<?>> types;
  private final JavadocSentences javadoc;

  ApiTexts(Map<String, Class<?>> types, JavadocSentences javadoc) {
    this.types = new HashMap<>(types);
    this.javadoc = javadoc;
  }

  static <T> T table(String name) {
    return new Yaml(new SafeConstructor(new LoaderOptions()))
        .load(SdkSurface.class.getResourceAsStream("/openapi/" + name + ".yml"));
  }

  /** Returns the description of a schema; empty if there is none. */
  String schema(String name) {
    if (schemas.containsKey(name)) return schemas.get(name);
    if (name.endsWith("Page"))
      return "One page of a list of " + name.substring(0, name.length() - "Page".length()) + ".";
    var type = types.get(name);
    return type == null ? "" : javadoc.sentenceOf(String.valueOf(type.getCanonicalName()));
  }

  /** Returns the description of a property; empty if there is none. */
  String property(String schema, String name) {
    var own = properties.get(schema + "." + name);
    if (own != null) return (String) own.getFirst();
    var general = properties.containsKey(name) ? (String) properties.get(name).getFirst() : "";
    var text =
        component(schema, name)
            .map(
                component ->
                    javadoc.sentenceOf(
                        component.getDeclaringRecord().getCanonicalName()
                            + "("
                            + component.getName()
                            + ")"))
            .orElse("");
    if (text.isEmpty() || PART.matcher(text).matches() && !general.isEmpty()) return general;
    if (!FRAGMENT.matcher(text).matches()) return capitalize(text);
    return general.contains("null") ? general : general + ". " + capitalize(text);
  }

  private Optional<RecordComponent> component(String schema, String name) {
    var type = types.get(schema);
    return type == null || !type.isRecord()
        ? Optional.empty()
        : Arrays.stream(type.getRecordComponents())
            .flatMap(ApiTexts::unwrapped)
            .filter(component -> isNamed(component, name))
            .findFirst();
  }

  private static Stream<RecordComponent> unwrapped(RecordComponent component) {
    return component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
        ? Arrays.stream(component.getType().getRecordComponents())
        : Stream.of(component);
  }

  private static boolean isNamed(RecordComponent component, String name) {
    var own = WireSchemaConverter.name(component);
    return List.of(own, own + "_seconds", own + "_ms").contains(name);
  }

  /** Returns the example of a property in the tables. */
  Optional<JsonNode> propertyExample(String schema, String name) {
    return example(properties, schema + "." + name, name);
  }

  String parameter(String operation, String name) {
    var text = parameters.getOrDefault(operation + "." + name, parameters.get(name));
    return text == null ? "" : (String) text.getFirst();
  }

  Optional<JsonNode> parameterExample(String operation, String name) {
    return example(parameters, operation + "." + name, name);
  }

  private static Optional<JsonNode> example(
      Map<String, List<Object>> table, String own, String general) {
    var entry = table.getOrDefault(own, table.get(general));
    return entry == null || entry.size() < 2
        ? Optional.empty()
        : Optional.of(JSON.valueToTree(entry.get(1)));
  }

  String operation(String id) {
    return operations.getOrDefault(id, "");
  }

  /** Returns the examples of a request body by their names; empty if there are none. */
  Map<String, Object> requests(String schema) {
    return requests.getOrDefault(schema, Map.of());
  }

  /** Returns the example of a whole schema in the tables. */
  Optional<JsonNode> body(String schema) {
    return Optional.ofNullable(bodies.get(schema)).map(JSON::<JsonNode>valueToTree);
  }

  Map<Integer, Map<String, String>> problems() {
    return problems;
  }

  private static String capitalize(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
