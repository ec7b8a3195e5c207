package io.agentledger.gateway.session;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.Invalid;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether the shape that a client wants an answer to have is one: a JSON Schema that needs nothing
 * but itself. It is checked against the schema of schemas; nothing is fetched and no expression of
 * it is run here.
 */
final class OutputSchema {
  private static final int LENGTH_MAX = 32_768;
  private static final String POINTER = "/options/output_schema";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String STANDARD = "https://json-schema.org/draft/2020-12/schema";

  private static final Map<String, Schema> DIALECTS =
      Map.of(
          "http://json-schema.org/draft-07/schema",
          meta(SpecificationVersion.DRAFT_7),
          STANDARD,
          meta(SpecificationVersion.DRAFT_2020_12));

  private OutputSchema() {}

  private static Schema meta(SpecificationVersion version) {
    return SchemaRegistry.withDefaultDialect(version)
        .getSchema(SchemaLocation.of(version.getDialectId()));
  }

  static void check(Json wish) {
    if (wish.text().length() > LENGTH_MAX) throw wrong("", "must be at most 32768 characters");
    var schema = JSON.readTree(wish.text());
    if (!schema.isObject() || !schema.path("type").asString("").equals("object"))
      throw wrong("", "must be a JSON Schema whose type is object");
    var dialect = DIALECTS.get(schema.path("$schema").asString(STANDARD).replaceFirst("#$", ""));
    if (dialect == null) throw wrong("/$schema", "must be of draft-07 or 2020-12");
    refuseForeign(schema, "");
    dialect.validate(schema).stream()
        .findFirst()
        .ifPresent(
            fault -> {
              throw wrong(pointer(fault), "is not JSON Schema: " + fault.getMessage());
            });
  }

  private static String pointer(Error fault) {
    return fault.getInstanceLocation().toString();
  }

  /** Other documents are none of its own: they would have to be fetched. */
  private static void refuseForeign(JsonNode node, String at) {
    for (var name : new String[] {"$ref", "$dynamicRef"}) {
      var target = node.path(name);
      if (target.isString() && !target.asString().startsWith("#"))
        throw wrong(at + "/" + name, "must refer to a part of this schema: #/...");
    }
    if (node.isObject())
      node.properties().forEach(one -> refuseForeign(one.getValue(), at + "/" + one.getKey()));
    int n = 0;
    if (node.isArray()) for (var one : node) refuseForeign(one, at + "/" + n++);
  }

  private static Invalid wrong(String at, String rule) {
    return Invalid.body(POINTER + at, rule);
  }
}
