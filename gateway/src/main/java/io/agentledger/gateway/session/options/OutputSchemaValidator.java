package io.agentledger.gateway.session.options;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.PlainJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.net.URLDecoder;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Validates that Claude Code accepts an output schema: JSON Schema draft-07 without formats and
 * custom keywords. The CLI would silently ignore any other one. The validation fetches nothing and
 * evaluates no regular expression of the schema.
 */
final class OutputSchemaValidator {
  private static final int LENGTH_MAX = 32_768;
  private static final String POINTER = "/options/output_schema";
  private static final String DRAFT = "http://json-schema.org/draft-07/schema";
  private static final JsonMapper JSON = PlainJson.MAPPER;

  private static final Schema META_SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_7.getDialectId()));

  /** Keywords whose value is a schema, or a list of schemas. */
  private static final Set<String> SCHEMA_KEYWORDS =
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

  /** Keywords whose value maps names to schemas. */
  private static final Set<String> SCHEMA_MAP_KEYWORDS =
      Set.of("$defs", "definitions", "dependencies", "patternProperties", "properties");

  private static final Set<String> OTHER_KEYWORDS =
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

  static void check(Json schemaJson) {
    if (schemaJson.text().length() > LENGTH_MAX)
      throw invalidSchema("", "must be at most 32768 characters");
    var schema = JSON.readTree(schemaJson.text());
    if (!schema.isObject() || !schema.path("type").asString("").equals("object"))
      throw invalidSchema("", "must be a JSON Schema whose type is object");
    if (!schema.path("$schema").asString(DRAFT).replaceFirst("#$", "").equals(DRAFT))
      throw invalidSchema("/$schema", "must be draft-07; Claude Code supports no other version");
    check(schema, "", schema);
    META_SCHEMA.validate(schema).stream()
        .findFirst()
        .ifPresent(
            error -> {
              throw invalidSchema(toPointer(error), "is not JSON Schema: " + error.getMessage());
            });
  }

  private static String toPointer(Error error) {
    return error.getInstanceLocation().toString();
  }

  private static void check(JsonNode schema, String pointer, JsonNode root) {
    int index = 0;
    if (schema.isArray()) for (var node : schema) check(node, pointer + "/" + index++, root);
    if (schema.isObject())
      schema.properties().forEach(entry -> check(entry.getKey(), entry.getValue(), pointer, root));
  }

  private static void check(String keyword, JsonNode value, String parent, JsonNode root) {
    var pointer = parent + "/" + keyword;
    if (SCHEMA_KEYWORDS.contains(keyword)) check(value, pointer, root);
    else if (SCHEMA_MAP_KEYWORDS.contains(keyword))
      value
          .properties()
          .forEach(entry -> check(entry.getValue(), pointer + "/" + entry.getKey(), root));
    else if (!OTHER_KEYWORDS.contains(keyword))
      throw invalidSchema(
          pointer, "is not a keyword of JSON Schema draft-07 that Claude Code supports");
    // Other documents would have to be fetched.
    else if (keyword.equals("$ref") && !value.asString("").startsWith("#"))
      throw invalidSchema(pointer, "must refer to a part of this schema: #/...");
    else if (keyword.equals("$ref") && !isPartOf(root, value.asString("")))
      throw invalidSchema(pointer, "refers to no part of this schema: " + value.asString(""));
  }

  /** Returns whether the fragment is a JSON Pointer to a part of the schema, or the id of one. */
  private static boolean isPartOf(JsonNode schema, String fragment) {
    if (!fragment.startsWith("#/"))
      return fragment.equals("#")
          || schema.findValues("$id").stream().anyMatch(id -> id.asString("").equals(fragment));
    try {
      return !schema
          .at(URLDecoder.decode(fragment.substring(1).replace("+", "%2B"), UTF_8))
          .isMissingNode();
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private static InvalidRequestException invalidSchema(String pointer, String rule) {
    return InvalidRequestException.body(POINTER + pointer, rule);
  }
}
