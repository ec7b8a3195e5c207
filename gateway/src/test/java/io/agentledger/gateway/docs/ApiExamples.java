package io.agentledger.gateway.docs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Composes examples of schemas from the examples of their properties. */
final class ApiExamples {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final String TIME = "2026-11-21T15:26:31.489Z";
  private static final String DAY = "2026-11-21";

  /** Suffix of ids, in their alphabet. */
  private static final String ID = "_7k2m9pq4xw";

  private final JsonNode schemas;
  private final ApiTexts texts;
  private final Deque<String> open = new ArrayDeque<>();

  ApiExamples(JsonNode schemas, ApiTexts texts) {
    this.schemas = schemas;
    this.texts = texts;
  }

  JsonNode of(String name) {
    return texts.body(name).orElseGet(() -> compose(name, schemas.path(name)));
  }

  private JsonNode compose(String name, JsonNode schema) {
    open.push(name);
    try {
      var alternatives = schema.path("oneOf");
      if (!alternatives.isMissingNode()) return value(name, "", alternatives.path(0));
      var example = JsonMapper.shared().createObjectNode();
      schema
          .path("properties")
          .properties()
          .forEach(property -> example.set(property.getKey(), property(name, property.getKey())));
      return example;
    } finally {
      open.pop();
    }
  }

  /** Returns the example of a property. */
  JsonNode property(String name, String property) {
    var schema = schemas.path(name).path("properties").path(property);
    return texts
        .propertyExample(name, property)
        .filter(example -> fits(example, schema))
        .orElseGet(() -> value(name, property, schema));
  }

  /** Returns whether the type of an example of this name is that of the property. */
  private static boolean fits(JsonNode example, JsonNode schema) {
    if (schema.has("enum")) return schema.path("enum").valueStream().anyMatch(example::equals);
    if (schema.has("oneOf"))
      return schema.path("oneOf").valueStream().anyMatch(option -> fits(example, option));
    if (schema.has("const") || idPrefix(schema).isPresent()) return false;
    if (schema.has("$ref")) return example.isObject();
    if (!schema.has("type")) return true;
    return contains(schema.path("type"), typeOf(example))
        && example.valueStream().allMatch(item -> fitsItem(item, schema));
  }

  private static boolean fitsItem(JsonNode item, JsonNode schema) {
    if (schema.has("items")) return fits(item, schema.path("items")) || isId(item, schema);
    var values = schema.path("additionalProperties");
    return !values.isObject() || fits(item, values);
  }

  private static boolean isId(JsonNode item, JsonNode schema) {
    return idPrefix(schema.path("items")).filter(item.asString("")::startsWith).isPresent();
  }

  private static String typeOf(JsonNode example) {
    return switch (example.getNodeType()) {
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      case NUMBER -> example.isIntegralNumber() ? "integer" : "number";
      case STRING -> "string";
      default -> "object";
    };
  }

  /** Returns whether a schema accepts a type; an integer is a number, too. */
  private static boolean contains(JsonNode types, String type) {
    return types.isString()
        ? isType(types.asString(), type)
        : types.valueStream().anyMatch(node -> isType(node.asString(), type));
  }

  private static boolean isType(String accepted, String type) {
    return accepted.equals(type) || accepted.equals("number") && type.equals("integer");
  }

  private JsonNode value(String name, String property, JsonNode schema) {
    if (schema.has("$ref")) return reference(schema);
    if (schema.has("oneOf")) return value(name, property, schema.path("oneOf").path(0));
    if (schema.has("const")) return schema.path("const");
    if (schema.has("enum")) return schema.path("enum").path(0);
    if (contains(schema.path("type"), "array")) return items(name, property, schema);
    if (contains(schema.path("type"), "object")) return map(name, property, schema);
    if (contains(schema.path("type"), "boolean")) return NODES.booleanNode(true);
    if (contains(schema.path("type"), "integer")) return NODES.numberNode(1);
    if (contains(schema.path("type"), "string")) return text(schema);
    return NODES.objectNode();
  }

  private JsonNode reference(JsonNode schema) {
    var name = schemaName(schema);
    return open.contains(name) ? NODES.objectNode() : of(name);
  }

  static String schemaName(JsonNode schema) {
    var reference = schema.path("$ref").asString("");
    return reference.substring(reference.lastIndexOf('/') + 1);
  }

  private JsonNode items(String name, String property, JsonNode schema) {
    return NODES.arrayNode().add(value(name, property, schema.path("items")));
  }

  private ObjectNode map(String name, String property, JsonNode schema) {
    var map = NODES.objectNode();
    var values = schema.path("additionalProperties");
    return values.isObject() && !values.isEmpty()
        ? map.set("name", value(name, property, values))
        : map;
  }

  private static JsonNode text(JsonNode schema) {
    var format = schema.path("format").asString("");
    var prefix = idPrefix(schema).map(text -> text + ID);
    return NODES.stringNode(
        prefix.orElse(format.equals("date-time") ? TIME : format.equals("date") ? DAY : "text"));
  }

  /** Returns the prefix of an id, from its pattern. */
  private static Optional<String> idPrefix(JsonNode schema) {
    var pattern = schema.path("pattern").asString("");
    return pattern.matches("\\^[a-z]+_\\[.*")
        ? Optional.of(pattern.substring(1, pattern.indexOf('_')))
        : Optional.empty();
  }

  /** Returns the example of a parameter whose schema determines it. */
  JsonNode parameter(JsonNode schema) {
    return value("", "", schema);
  }
}
