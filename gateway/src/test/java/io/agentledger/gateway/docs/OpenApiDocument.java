package io.agentledger.gateway.docs;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.scripted.openapi.WireSchemaConverter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document: what springdoc reads from the controllers, with descriptions, examples and
 * error responses.
 */
public final class OpenApiDocument {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SCHEMAS = "#/components/schemas/";
  private static final String EXAMPLES = "#/components/examples/";
  private static final String RESPONSES = "#/components/responses/";
  private static final Set<String> REASONS = Set.of("OK", "Created", "Accepted");
  private static final Set<String> JSON_TYPES = Set.of("application/json", "text/event-stream");

  private final ObjectNode document;
  private final ApiTexts texts;
  private final ApiExamples examples;
  private final ApiOperations operations;

  /** Generates the document of a server that serves springdoc's at {@code /generated}. */
  public static ObjectNode generate(ApiTestServer server) {
    var raw = (ObjectNode) ApiTestServer.json(server.get("/generated"));
    var javadoc = JavadocSentences.of(ApiTestServer.root(), List.of("api", "gateway"));
    var types = server.bean(WireSchemaConverter.class).types();
    return new OpenApiDocument(raw, new ApiTexts(types, javadoc)).complete();
  }

  /** Returns the rows of the tables that describe nothing in the document. */
  public static List<String> unusedRows(JsonNode document) {
    var names = new HashSet<String>();
    document
        .at("/components/schemas")
        .properties()
        .forEach(
            schema -> {
              names.add(schema.getKey());
              for (var property : schema.getValue().path("properties").propertyNames())
                names.addAll(List.of(property, schema.getKey() + "." + property));
            });
    for (var path : document.path("paths"))
      for (var operation : path) {
        names.add(id(operation));
        for (var parameter : operation.path("parameters")) {
          var name = parameter.path("name").asString();
          names.addAll(List.of(name, id(operation) + "." + name));
        }
      }
    return Stream.of("properties", "parameters", "schemas", "operations", "requests", "bodies")
        .flatMap(table -> ApiTexts.<Map<String, Object>>table(table).keySet().stream())
        .filter(row -> !names.contains(row))
        .toList();
  }

  private OpenApiDocument(ObjectNode document, ApiTexts texts) {
    this.document = document;
    this.texts = texts;
    this.examples = new ApiExamples(document.at("/components/schemas"), texts);
    this.operations = new ApiOperations(new ProductModel());
  }

  private ObjectNode complete() {
    var components = (ObjectNode) document.path("components");
    var schemas = (ObjectNode) components.path("schemas");
    schemas.remove("DataBuffer");
    schemas.set("JwkSet", jwkSet());
    schemas.properties().forEach(entry -> describe(entry.getKey(), entry.getValue()));
    components.set("responses", problemResponses());
    components.set("examples", JSON.createObjectNode());
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> complete(path.getKey(), (ObjectNode) operation.getValue())));
    sortExamples(components);
    document.set("webhooks", JSON.valueToTree(ApiTexts.<Map<String, Object>>table("webhooks")));
    return document;
  }

  private static ObjectNode jwkSet() {
    var keys = JSON.createObjectNode().put("type", "array");
    keys.set("items", JSON.createObjectNode().put("type", "object"));
    keys.put("description", "Public keys in the form of RFC 7517");
    var schema = JSON.createObjectNode().put("type", "object");
    schema.set("properties", JSON.createObjectNode().set("keys", keys));
    schema.set("required", JSON.createArrayNode().add("keys"));
    return schema;
  }

  private void describe(String name, JsonNode schema) {
    put(schema, "description", texts.schema(name));
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              put(property.getValue(), "description", texts.property(name, property.getKey()));
              if (isScalar(property.getValue()))
                ((ObjectNode) property.getValue())
                    .set("examples", array(examples.property(name, property.getKey())));
            });
  }

  private static ArrayNode array(JsonNode item) {
    return JSON.createArrayNode().add(item);
  }

  private static boolean isScalar(JsonNode schema) {
    return !schema.has("$ref")
        && !schema.has("oneOf")
        && !schema.has("enum")
        && !schema.has("const")
        && !schema.has("items");
  }

  private static void put(JsonNode node, String field, String text) {
    if (!text.isEmpty()) ((ObjectNode) node).put(field, text);
  }

  private void complete(String path, ObjectNode operation) {
    var id = id(operation);
    var access = operations.access(id);
    put(
        operation,
        "description",
        (texts.operation(id) + " " + access.sentence(ApiOperations.isAnonymous(operation)))
            .strip());
    for (var parameter : operation.path("parameters")) complete(id, parameter);
    fixBodies(operation);
    completeRequest(operation.path("requestBody"));
    if (path.endsWith("/jwks.json"))
      ((ObjectNode) operation.at("/responses/200/content/application~1json"))
          .set("schema", JSON.createObjectNode().put("$ref", SCHEMAS + "JwkSet"));
    for (var response : operation.path("responses").properties())
      completeResponse((ObjectNode) response.getValue());
    addProblems(path, operation, access);
  }

  private void complete(String operation, JsonNode parameter) {
    var name = parameter.path("name").asString();
    if (!parameter.has("description"))
      put(parameter, "description", texts.parameter(operation, name));
    var example =
        texts
            .parameterExample(operation, name)
            .orElseGet(() -> examples.parameter(parameter.path("schema")));
    if (!parameter.path("schema").has("enum")) ((ObjectNode) parameter).set("example", example);
  }

  private static String id(JsonNode operation) {
    return operation.path("operationId").asString();
  }

  /** Describes a stream of buffers as the bytes of a file. */
  private static void fixBodies(ObjectNode operation) {
    for (var content : operation.findValues("content"))
      for (var media : List.copyOf(content.properties())) {
        var items = media.getValue().at("/schema/items/$ref").asString("");
        if (!items.endsWith("/DataBuffer")) continue;
        var bytes = JSON.createObjectNode().put("type", "string").put("format", "binary");
        ((ObjectNode) media.getValue()).set("schema", bytes);
        if (!media.getKey().equals("application/json")) continue;
        ((ObjectNode) content).remove(media.getKey());
        ((ObjectNode) content).set("application/octet-stream", media.getValue());
      }
  }

  private void completeRequest(JsonNode request) {
    for (var media : request.path("content").properties()) {
      var schema = ApiExamples.schemaName(media.getValue().path("schema"));
      texts
          .requests(schema)
          .forEach(
              (name, body) ->
                  addExample(media.getValue(), name, schema + "." + name, JSON.valueToTree(body)));
    }
  }

  private void completeResponse(ObjectNode response) {
    for (var media : response.path("content").properties()) {
      var schema = media.getValue().path("schema");
      var name = ApiExamples.schemaName(schema);
      if (!name.isEmpty() && REASONS.contains(response.path("description").asString()))
        response.put("description", texts.schema(name));
      if (name.equals("StreamItem")) addStreamExamples(media.getValue());
      else if (JSON_TYPES.contains(media.getKey())) addResponseExample(media.getValue(), name);
      else if (media.getKey().equals("text/csv"))
        media.getValue().asObject().put("example", "id,at,action\n");
      else if (media.getKey().endsWith("ndjson"))
        media.getValue().asObject().put("example", examples.of("AuditView") + "\n");
    }
  }

  private void addResponseExample(JsonNode media, String name) {
    if (!name.isEmpty()) addExample(media, "response", name, examples.of(name));
    else if (media.path("schema").has("oneOf"))
      for (var alternative : media.at("/schema/oneOf")) {
        var schema = ApiExamples.schemaName(alternative);
        addExample(media, schema, schema, examples.of(schema));
      }
    else if (media.path("schema").has("items"))
      ((ObjectNode) media)
          .set("example", array(examples.of(ApiExamples.schemaName(media.at("/schema/items")))));
  }

  private void addStreamExamples(JsonNode media) {
    document
        .at("/components/schemas/StreamItem/discriminator/mapping")
        .properties()
        .forEach(
            type -> {
              var schema = type.getValue().asString().substring(SCHEMAS.length());
              addExample(media, type.getKey(), schema, examples.of(schema));
            });
  }

  private void addExample(JsonNode media, String name, String component, JsonNode value) {
    var all = (ObjectNode) document.at("/components/examples");
    if (!all.has(component)) all.set(component, JSON.createObjectNode().set("value", value));
    var reference = JSON.createObjectNode().put("$ref", EXAMPLES + component);
    ((ObjectNode) media).withObject("examples").set(name, reference);
  }

  private static void sortExamples(ObjectNode components) {
    var sorted = new TreeMap<String, JsonNode>();
    components.path("examples").properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
    components.set("examples", JSON.createObjectNode().setAll(sorted));
  }

  private ObjectNode problemResponses() {
    var responses = JSON.createObjectNode();
    texts
        .problems()
        .forEach(
            (status, problem) ->
                responses.set(
                    "Problem" + status, problem(status, problem.get("description"), problem)));
    return responses;
  }

  private ObjectNode problem(int status, String description, Map<String, String> from) {
    var code = from.get("code");
    var example =
        JSON.createObjectNode()
            .put("type", "/problems/" + code)
            .put("title", HttpStatus.valueOf(status).getReasonPhrase())
            .put("status", status)
            .put("detail", from.get("detail"))
            .put("code", code)
            .put("request_id", "req_vhdca26p36");
    if (status == 429) example.put("retry_after_seconds", 2);
    if (status == 400)
      example.set(
          "errors",
          array(JSON.createObjectNode().put("pointer", "/prompt").put("detail", "is required")));
    var media = JSON.createObjectNode().set("example", example);
    ((ObjectNode) media).set("schema", JSON.createObjectNode().put("$ref", SCHEMAS + "Problem"));
    var response = JSON.createObjectNode().put("description", description);
    response.set("content", JSON.createObjectNode().set("application/problem+json", media));
    return response;
  }

  private void addProblems(String path, ObjectNode operation, ApiOperations.Access access) {
    var responses = (ObjectNode) operation.path("responses");
    if (path.endsWith("/files/content") && id(operation).equals("readFile"))
      responses.set(
          "206", ((ObjectNode) responses.path("200").deepCopy()).put("description", "The range"));
    for (var status : ApiOperations.problemsOf(path, operation, access))
      responses.set(
          status.toString(), JSON.createObjectNode().put("$ref", RESPONSES + "Problem" + status));
  }
}
