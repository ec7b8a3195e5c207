package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.docs.SchemaValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Validates the responses of a service that has been used against the OpenAPI document: of each
 * operation that reads and needs no parameter, and of those of sessions.
 */
final class DocumentedResponses {
  private static final int SESSIONS_MAX = 20;
  private static final String OF_SESSION = "/api/v1/sessions/{id}";

  private final ApiTestServer server;
  private final JsonNode document;
  private final SchemaValidator validator;
  private final List<String> violations = new ArrayList<>();
  private int responses;

  private DocumentedResponses(ApiTestServer server) throws IOException {
    this.server = server;
    document =
        new JsonMapper()
            .readTree(Files.readString(ApiTestServer.root().resolve("docs/openapi.json")));
    validator = new SchemaValidator(document);
  }

  static void assertValid(ApiTestServer server) throws IOException {
    var documented = new DocumentedResponses(server);
    for (var path : documented.document.path("paths").properties()) documented.read(path);
    assertThat(documented.violations).isEmpty();
    assertThat(documented.responses).isGreaterThan(40);
  }

  private void read(Map.Entry<String, JsonNode> path) {
    var operation = path.getValue().path("get");
    var schema = operation.at("/responses/200/content/application~1json/schema");
    if (schema.isMissingNode() || needsParameter(operation)) return;
    if (!path.getKey().contains("{")) validate(path.getKey(), schema);
    else if (path.getKey().matches("\\Q" + OF_SESSION + "\\E[^{]*"))
      for (var session : sessions()) validate(path.getKey().replace("{id}", session), schema);
  }

  private static boolean needsParameter(JsonNode operation) {
    return operation
        .path("parameters")
        .valueStream()
        .anyMatch(
            parameter ->
                parameter.path("in").asString().equals("query")
                    && parameter.path("required").asBoolean());
  }

  private List<String> sessions() {
    var page = ApiTestServer.json(server.get("/api/v1/sessions?limit=" + SESSIONS_MAX));
    return StreamSupport.stream(page.path("items").spliterator(), false)
        .map(session -> session.path("id").asString())
        .toList();
  }

  private void validate(String path, JsonNode schema) {
    var response =
        server.get(path.endsWith("/events") ? path + "?format=json&after=0&limit=500" : path);
    if (response.statusCode() == 404) return; // Nothing was measured yet.
    assertThat(response.statusCode()).as(path + response.body()).isEqualTo(200);
    responses++;
    for (var violation : validator.validate(schema, ApiTestServer.json(response)))
      violations.add(path + " " + violation);
  }
}
