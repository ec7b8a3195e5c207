package io.agentledger.command.model.rehearsal;

import io.agentledger.store.support.UntrustedJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Generates a value that matches the basic parts of a JSON schema: types, properties, required,
 * enum, const, default, items and minimum sizes. The rehearsal uses it for structured output.
 */
final class SchemaExample {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int DEPTH_MAX = 16;

  private SchemaExample() {}

  static JsonNode generate(JsonNode schema) {
    return value(schema, schema, 0);
  }

  private static JsonNode value(JsonNode schema, JsonNode root, int depth) {
    if (depth > DEPTH_MAX) return JSON.nullNode();
    JsonNode declared = declaredValue(schema);
    if (!declared.isMissingNode()) return declared;
    String reference = schema.path("$ref").asString("");
    if (reference.startsWith("#/")) return value(root.at(reference.substring(1)), root, depth + 1);
    for (String either : new String[] {"anyOf", "oneOf", "allOf"}) {
      if (!schema.path(either).isEmpty()) return value(schema.path(either).get(0), root, depth + 1);
    }
    return switch (type(schema)) {
      case "object" -> object(schema, root, depth);
      case "array" -> array(schema, root, depth);
      case "integer", "number" ->
          JSON.getNodeFactory().numberNode(schema.path("minimum").asLong(1));
      case "boolean" -> JSON.getNodeFactory().booleanNode(true);
      case "null" -> JSON.nullNode();
      default -> JSON.getNodeFactory().stringNode(text(schema));
    };
  }

  private static JsonNode declaredValue(JsonNode schema) {
    if (schema.has("const")) return schema.get("const");
    if (schema.has("default")) return schema.get("default");
    return schema.path("enum").path(0);
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) return type.path(0).asString("string");
    return type.asString(schema.has("properties") ? "object" : "string");
  }

  private static JsonNode object(JsonNode schema, JsonNode root, int depth) {
    ObjectNode object = JSON.createObjectNode();
    for (JsonNode name : schema.path("required")) {
      object.set(
          name.asString(""),
          value(schema.path("properties").path(name.asString("")), root, depth + 1));
    }
    return object;
  }

  private static JsonNode array(JsonNode schema, JsonNode root, int depth) {
    ArrayNode array = JSON.createArrayNode();
    int count = Math.clamp(schema.path("minItems").asInt(1), 0, 100);
    for (int i = 0; i < count; i++) array.add(value(schema.path("items"), root, depth + 1));
    return array;
  }

  private static String text(JsonNode schema) {
    String text = "rehearsal";
    int least = Math.clamp(schema.path("minLength").asInt(0), 0, 1000);
    while (text.length() < least) text += " rehearsal";
    int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
    return text.length() <= most ? text : text.substring(0, Math.max(0, most));
  }
}
