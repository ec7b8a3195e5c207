package io.agentledger.gateway.session.options;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether the shape that a client wants an answer to have is one that Claude Code takes: a JSON
 * Schema of draft-07 without formats and words of one's own. Another one it would leave out
 * silently. Nothing is fetched and no expression of it is run here.
 */
final class OutputSchemaValidator {
  private static final int LENGTH_MAX = 32_768;
  private static final String POINTER = "/options/output_schema";
  private static final String DRAFT = "http://json-schema.org/draft-07/schema";
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Schema META =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_7.getDialectId()));

  /** Whose value is a schema, or a list of schemas. */
  private static final Set<String> SCHEMAS =
      Set.of(
          "additionalItems",
          "additionalProperties",
          "allOf",
          "anyOf",
          "contains",
          "else",
          "if",
          "items",
          "not",
          "oneOf",
          "propertyNames",
          "then");

  /** Whose value names schemas. */
  private static final Set<String> NAMED =
      Set.of("$defs", "definitions", "dependencies", "patternProperties", "properties");

  private static final Set<String> OTHERS =
      Set.of(
          "$comment",
          "$id",
          "$ref",
          "$schema",
          "const",
          "default",
          "description",
          "enum",
          "examples",
          "exclusiveMaximum",
          "exclusiveMinimum",
          "maxItems",
          "maxLength",
          "maxProperties",
          "maximum",
          "minItems",
          "minLength",
          "minProperties",
          "minimum",
          "multipleOf",
          "pattern",
          "readOnly",
          "required",
          "title",
          "type",
          "uniqueItems",
          "writeOnly");

  private OutputSchemaValidator() {}

  static void check(Json wish) {
    if (wish.text().length() > LENGTH_MAX)
      throw invalidSchema("", "must be at most 32768 characters");
    var schema = JSON.readTree(wish.text());
    if (!schema.isObject() || !schema.path("type").asString("").equals("object"))
      throw invalidSchema("", "must be a JSON Schema whose type is object");
    if (!schema.path("$schema").asString(DRAFT).replaceFirst("#$", "").equals(DRAFT))
      throw invalidSchema("/$schema", "must be of draft-07: Claude Code takes no other");
    check(schema, "");
    META.validate(schema).stream()
        .findFirst()
        .ifPresent(
            fault -> {
              throw invalidSchema(pointer(fault), "is not JSON Schema: " + fault.getMessage());
            });
  }

  private static String pointer(Error fault) {
    return fault.getInstanceLocation().toString();
  }

  private static void check(JsonNode schema, String at) {
    int n = 0;
    if (schema.isArray()) for (var node : schema) check(node, at + "/" + n++);
    if (schema.isObject())
      schema.properties().forEach(one -> check(one.getKey(), one.getValue(), at));
  }

  private static void check(String word, JsonNode value, String in) {
    var at = in + "/" + word;
    if (SCHEMAS.contains(word)) check(value, at);
    else if (NAMED.contains(word))
      value.properties().forEach(one -> check(one.getValue(), at + "/" + one.getKey()));
    else if (!OTHERS.contains(word))
      throw invalidSchema(at, "is no word of JSON Schema draft-07 that Claude Code takes");
    // Other documents would have to be fetched.
    else if (word.equals("$ref") && !value.asString("").startsWith("#"))
      throw invalidSchema(at, "must refer to a part of this schema: #/...");
  }

  private static InvalidRequestException invalidSchema(String at, String rule) {
    return InvalidRequestException.body(POINTER + at, rule);
  }
}
