package io.agentledger.gateway.docs;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Validates values against the schemas of an API document. */
public final class SchemaValidator {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode components;

  public SchemaValidator(JsonNode document) {
    components = document.path("components");
  }

  /** Returns the violations of a schema of the document, which may refer to its components. */
  public List<String> validate(JsonNode schema, JsonNode value) {
    var root = (ObjectNode) schema.deepCopy();
    root.set("components", components);
    return REGISTRY.getSchema(root).validate(value).stream().map(Error::toString).toList();
  }

  /** Returns the violations of a schema of draft 7, which needs no components. */
  public static List<String> validateDraft7(JsonNode schema, JsonNode value) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
        .getSchema(schema)
        .validate(value)
        .stream()
        .map(Error::toString)
        .toList();
  }

  /** Returns the violations of the schema of that name. */
  public List<String> validate(String name, JsonNode value) {
    var reference =
        JsonMapper.shared().createObjectNode().put("$ref", "#/components/schemas/" + name);
    return validate(reference, value);
  }
}
