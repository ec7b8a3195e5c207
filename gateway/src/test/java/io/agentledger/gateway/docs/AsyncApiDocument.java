package io.agentledger.gateway.docs;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The AsyncAPI document: {@code asyncapi.yml}, the RSocket routes of {@code rsocket.yml} with the
 * fields of their REST operations, and the schemas and examples of the OpenAPI document.
 */
public final class AsyncApiDocument {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SCHEMAS = "#/components/schemas/";

  private final ObjectNode document = JSON.valueToTree(ApiTexts.table("asyncapi"));
  private final ObjectNode messages = (ObjectNode) document.at("/components/messages");
  private final ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
  private final JsonNode openApi;
  private final Map<String, JsonNode> operations = new HashMap<>();

  private AsyncApiDocument(JsonNode openApi) {
    this.openApi = openApi;
    for (var path : openApi.path("paths"))
      for (var operation : path)
        operations.put(operation.path("operationId").asString(), operation);
  }

  /** Generates the document from the OpenAPI document. */
  public static ObjectNode generate(JsonNode openApi) {
    return new AsyncApiDocument(openApi).complete();
  }

  /** Returns the RSocket routes of the table. */
  public static Map<String, Map<String, String>> routes() {
    return ApiTexts.table("rsocket");
  }

  /** Returns the addresses of the service's RSocket routes and WebSockets. */
  public static List<String> servedAddresses() {
    var model = new ProductModel();
    var routes = new Routes(model, JavadocSentences.of(Path.of("."), List.of()));
    var addresses = new ArrayList<String>();
    for (var feature : model.features())
      for (var route : routes.ofFeature(feature))
        if (!route.protocol().equals("HTTP")) addresses.add(route.address());
    return addresses;
  }

  private ObjectNode complete() {
    routes().forEach(this::addRoute);
    for (var message : messages) addExamples((ObjectNode) message);
    copySchemas();
    return document;
  }

  private void addRoute(String route, Map<String, String> row) {
    var operation = operations.get(row.get("operation"));
    var interaction = row.getOrDefault("interaction", "request-response");
    var id = "rsocket." + route.replaceAll("[{}]", "");
    var channelMessages = JSON.createObjectNode();
    channelMessages.set("request", message(request(route, row, operation)));
    if (interaction.equals("request-channel") && !row.containsKey("request"))
      channelMessages.set("bytes", message("Bytes"));
    if (!interaction.equals("fire-and-forget"))
      channelMessages.set("response", message(response(row, operation)));
    var channel = document.withObject("/channels").putObject(id);
    channel.put("address", route).put("title", operation.path("summary").asString());
    channel
        .put("description", operation.path("description").asString())
        .put("x-rsocket-interaction", interaction);
    channel.putArray("servers").addObject().put("$ref", "#/servers/rsocket");
    if (route.contains("{id}"))
      channel.putObject("parameters").putObject("id").put("description", "Id of the resource");
    channel.set("messages", channelMessages);
    addOperation(id, operation, channelMessages);
  }

  private void addOperation(String id, JsonNode restOperation, ObjectNode channelMessages) {
    var channel = "#/channels/" + id;
    var operation = document.withObject("/operations").putObject(id).put("action", "receive");
    operation.put("summary", restOperation.path("summary").asString());
    operation.putObject("channel").put("$ref", channel);
    var requests = operation.putArray("messages");
    for (var name : channelMessages.propertyNames())
      if (!name.equals("response")) requests.addObject().put("$ref", channel + "/messages/" + name);
    if (!channelMessages.has("response")) return;
    var reply = operation.putObject("reply");
    reply.putObject("channel").put("$ref", channel);
    reply.putArray("messages").addObject().put("$ref", channel + "/messages/response");
  }

  private ObjectNode message(String schema) {
    if (!messages.has(schema)) {
      var message = messages.putObject(schema).put("title", schema);
      if (schema.equals("Bytes")) message.put("contentType", "application/octet-stream");
      message.set("payload", reference(schema));
    }
    return JSON.createObjectNode().put("$ref", "#/components/messages/" + schema);
  }

  private static ObjectNode reference(String schema) {
    return JSON.createObjectNode().put("$ref", SCHEMAS + schema);
  }

  /** Returns the schema of the data: the body of the operation, with its parameters as fields. */
  private String request(String route, Map<String, String> row, JsonNode operation) {
    if (row.containsKey("request")) return row.get("request");
    var body = schemaName(operation.path("requestBody"));
    var fields = JSON.createObjectNode();
    for (var parameter : operation.path("parameters")) addField(fields, parameter, !body.isEmpty());
    if (fields.isEmpty()) return body.isEmpty() ? "Empty" : body;
    var name = row.get("operation") + "Data";
    var data = JSON.createObjectNode().put("type", "object");
    data.set("properties", fields);
    var schema = body.isEmpty() ? data : JSON.createObjectNode();
    if (!body.isEmpty()) schema.putArray("allOf").add(reference(body)).add(data);
    schema.put("description", "Data of the route `" + route + "`.");
    schema.putArray("examples").add(example(body, fields));
    schemas.set(name, schema);
    return name;
  }

  private static void addField(ObjectNode fields, JsonNode parameter, boolean hasBody) {
    var name = parameter.path("name").asString();
    boolean query = parameter.path("in").asString().equals("query");
    if (query) set(fields, name, parameter);
    if (name.equals("Idempotency-Key") && hasBody) set(fields, "idempotency_key", parameter);
    if (!name.equals("If-Match")) return;
    if (!parameter.path("required").asBoolean()) set(fields, "etag", parameter);
    else
      fields
          .putObject("version")
          .put("type", "integer")
          .put("description", "Version that the change is based on; it is required.");
  }

  private static void set(ObjectNode fields, String name, JsonNode parameter) {
    var field = (ObjectNode) parameter.path("schema").deepCopy();
    fields.set(name, field.put("description", parameter.path("description").asString()));
  }

  private ObjectNode example(String body, ObjectNode fields) {
    var example = JSON.createObjectNode();
    for (var named : openApi.at("/components/examples").properties())
      if (!body.isEmpty() && named.getKey().startsWith(body + "."))
        example.setAll((ObjectNode) named.getValue().path("value"));
    if (fields.has("version")) example.put("version", 1);
    if (fields.has("limit")) example.put("limit", 50);
    if (fields.has("path")) example.put("path", "docs/a.txt");
    if (fields.has("folder")) example.put("folder", "docs");
    if (fields.has("idempotency_key")) example.put("idempotency_key", "6f1b2c3d-open-1");
    return example;
  }

  private static String response(Map<String, String> row, JsonNode operation) {
    if (row.containsKey("response")) return row.get("response");
    for (var status : List.of("200", "201")) {
      var name = schemaName(operation.path("responses").path(status));
      if (!name.isEmpty()) return name;
    }
    throw new IllegalStateException("name the response of " + row);
  }

  private static String schemaName(JsonNode body) {
    return ApiExamples.schemaName(body.at("/content/application~1json/schema"));
  }

  /** Adds the examples of the payload: of a table, or of the OpenAPI document. */
  private void addExamples(ObjectNode message) {
    var name = ApiExamples.schemaName(message.path("payload"));
    var payloads = new ArrayList<JsonNode>();
    schemas.path(name).path("examples").forEach(payloads::add);
    for (var example : openApi.at("/components/examples").properties())
      if (isExampleOf(name, example.getKey())) payloads.add(example.getValue().path("value"));
    var examples = message.putArray("examples");
    for (var payload : payloads) examples.addObject().set("payload", payload);
  }

  private static boolean isExampleOf(String schema, String example) {
    return example.equals(schema)
        || example.startsWith(schema + ".")
        || schema.equals("StreamItem") && example.matches("StreamItem(?!Page).+");
  }

  /** Copies the schemas that are referred to. */
  private void copySchemas() {
    var open = new ArrayDeque<>(document.findValuesAsString("$ref"));
    while (!open.isEmpty()) {
      var reference = open.poll();
      var name = reference.substring(reference.lastIndexOf('/') + 1);
      if (!reference.startsWith(SCHEMAS) || schemas.has(name)) continue;
      var schema = (ObjectNode) openApi.at(reference.substring(1)).deepCopy();
      schema.remove("discriminator"); // AsyncAPI has another form; const fields distinguish, too.
      schemas.set(name, schema);
      open.addAll(schema.findValuesAsString("$ref"));
    }
  }
}
