package io.agentledger.gateway.hook;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Validates that the schema of a validation hook can be evaluated in bounded time: JSON Schema
 * draft 2020-12, whose references are local, exist and end, and whose expressions are RE2.
 */
final class InputSchemaValidator {
  private static final int LENGTH_MAX = 32_768;

  /** Maximum number of nodes of a schema in which every reference is replaced by its target. */
  private static final int NODES_MAX = 20_000;

  private static final String DIALECT = SpecificationVersion.DRAFT_2020_12.getDialectId();
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Schema META_SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaLocation.of(DIALECT));

  /** Keywords whose values are data, not schemas. */
  private static final Set<String> DATA = Set.of("const", "default", "enum", "examples");

  /** Keywords whose values map names to schemas. */
  private static final Set<String> MAPS =
      Set.of("$defs", "definitions", "dependentSchemas", "patternProperties", "properties");

  private static final Set<String> UNSUPPORTED =
      Set.of("$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveRef", "$vocabulary");

  private final String pointer;
  private final JsonNode schema;
  private final Deque<String> followed = new ArrayDeque<>();
  private int nodes;

  private InputSchemaValidator(String pointer, JsonNode schema) {
    this.pointer = pointer;
    this.schema = schema;
  }

  /**
   * Checks a schema.
   *
   * @param pointer position of the schema in the request
   * @throws InvalidRequestException with the position of the first violation
   */
  static void check(String pointer, Json json) {
    if (json.text().length() > LENGTH_MAX)
      throw InvalidRequestException.body(pointer, "must be at most 32768 characters");
    var schema = JSON.readTree(json.text());
    if (!schema.isObject())
      throw InvalidRequestException.body(pointer, "must be a JSON Schema, which is an object");
    if (!schema.path("$schema").asString(DIALECT).equals(DIALECT))
      throw InvalidRequestException.body(pointer + "/$schema", "must be " + DIALECT);
    META_SCHEMA.validate(schema).stream()
        .findFirst()
        .ifPresent(
            error -> {
              throw InvalidRequestException.body(
                  pointer + error.getInstanceLocation(),
                  "is not JSON Schema: " + error.getMessage());
            });
    new InputSchemaValidator(pointer, schema).walk(schema, "");
  }

  private void walk(JsonNode node, String path) {
    if (++nodes > NODES_MAX) throw invalid("", "has too many parts with its references");
    int index = 0;
    if (node.isArray()) for (var item : node) walk(item, path + "/" + index++);
    node.properties()
        .forEach(
            entry -> {
              var name = entry.getKey();
              var at = path + "/" + name;
              checkKeyword(name, entry.getValue(), at);
              if (MAPS.contains(name)) walkEach(entry.getValue(), at);
              else if (!DATA.contains(name)) walk(entry.getValue(), at);
            });
  }

  /** Walks the schemas of a map; its names are no keywords. */
  private void walkEach(JsonNode schemas, String path) {
    schemas
        .properties()
        .forEach(
            entry -> {
              var name = entry.getKey();
              if (path.endsWith("/patternProperties")) requireExpression(name, path);
              walk(entry.getValue(), path + "/" + name.replace("~", "~0").replace("/", "~1"));
            });
  }

  private void checkKeyword(String name, JsonNode value, String at) {
    if (!value.isString()) return;
    if (UNSUPPORTED.contains(name)) throw invalid(at, "is not supported here; use $ref: #/...");
    if (name.equals("pattern")) requireExpression(value.asString(), at);
    if (name.equals("$ref")) follow(value.asString(), at);
  }

  private void requireExpression(String text, String at) {
    try {
      Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw invalid(at, "is not a valid RE2 expression: " + e.getDescription());
    }
  }

  private void follow(String reference, String at) {
    if (!reference.equals("#") && !reference.startsWith("#/"))
      throw invalid(at, "must refer to a part of this schema: #/...");
    if (followed.contains(reference) || reference.equals("#"))
      throw invalid(at, "must not refer to a part that contains it: " + reference);
    JsonNode target = schema.at(JsonPointer.compile(reference.substring(1)));
    if (target.isMissingNode()) throw invalid(at, "refers to no part of this schema: " + reference);
    followed.push(reference);
    walk(target, reference.substring(1));
    followed.pop();
  }

  private InvalidRequestException invalid(String at, String rule) {
    return InvalidRequestException.body(pointer + at, rule);
  }
}
