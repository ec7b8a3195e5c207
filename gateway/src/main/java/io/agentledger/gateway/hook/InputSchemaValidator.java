package io.agentledger.gateway.hook;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.gateway.support.json.PlainJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Validates that the schema of a validation hook can be evaluated in bounded time: JSON Schema
 * draft 2020-12 without references, and with RE2 expressions of limited size. References are
 * refused by their names, wherever they stand, so that no second reader can find one.
 */
final class InputSchemaValidator {
  private static final int LENGTH_MAX = 32_768;
  private static final int DEPTH_MAX = 50;
  private static final String DIALECT = SpecificationVersion.DRAFT_2020_12.getDialectId();
  private static final JsonMapper JSON = PlainJson.MAPPER;
  private static final Schema META_SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaLocation.of(DIALECT));

  /** Names by which a schema refers to another one, is referred to, or changes its dialect. */
  private static final Set<String> REFUSED =
      Set.of(
          "$anchor",
          "$dynamicAnchor",
          "$dynamicRef",
          "$id",
          "$recursiveAnchor",
          "$recursiveRef",
          "$ref",
          "$vocabulary",
          "dependencies");

  private final String pointer;
  private long size;

  private InputSchemaValidator(String pointer) {
    this.pointer = pointer;
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
    new InputSchemaValidator(pointer).walk(schema, "", 1);
    META_SCHEMA.validate(schema).stream()
        .findFirst()
        .ifPresent(
            error -> {
              throw InvalidRequestException.body(
                  pointer + error.getInstanceLocation(),
                  "is not JSON Schema: " + error.getMessage());
            });
  }

  private void walk(JsonNode node, String path, int depth) {
    if (depth > DEPTH_MAX) throw invalid(path, "is nested more than 50 levels deep");
    int index = 0;
    if (node.isArray()) for (var item : node) walk(item, path + "/" + index++, depth + 1);
    node.properties()
        .forEach(
            entry -> {
              var name = entry.getKey();
              var at = path + "/" + name.replace("~", "~0").replace("/", "~1");
              if (REFUSED.contains(name) || depth > 1 && name.equals("$schema"))
                throw invalid(at, "is not supported here; write the schema without it");
              if (path.endsWith("/patternProperties"))
                requireExpression(name, 2 * RegexLimits.sizeOf(name), at);
              if (name.equals("pattern") && entry.getValue().isString()) {
                var text = entry.getValue().asString();
                requireExpression(text, RegexLimits.sizeOf(text), at);
              }
              walk(entry.getValue(), at, depth + 1);
            });
  }

  /** Checks an expression; those of properties are compiled twice. */
  private void requireExpression(String text, long textSize, String at) {
    RegexLimits.findViolation(text)
        .ifPresent(
            violation -> {
              throw invalid(at, violation);
            });
    size += textSize;
    if (size > RegexLimits.SIZE_MAX)
      throw invalid(
          at,
          "is too long together with the expressions before it; all expressions of a schema have at"
              + " most 200000 characters with their repetitions, those of properties count twice");
    try {
      Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw invalid(at, "is not a valid RE2 expression: " + e.getDescription());
    }
  }

  private InvalidRequestException invalid(String at, String rule) {
    return InvalidRequestException.body(pointer + at, rule);
  }
}
