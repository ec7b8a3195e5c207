package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.docs.AsyncApiDocument;
import io.agentledger.gateway.docs.OpenApiDocument;
import io.agentledger.gateway.docs.SchemaValidator;
import io.agentledger.store.NpmPackages;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks that the committed OpenAPI and AsyncAPI documents are those that are generated and served,
 * that nothing in them is undescribed, and that their examples are valid.
 */
class ApiDocumentTest {
  /** Operations that open a session with resources that may not exist. */
  private static final Set<String> OPENING =
      Set.of("openSession", "queryInNewSession", "querySingle");

  private static final String UPDATE = "UPDATE_DOCS";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .build();
  private static final Path OPENAPI = ApiTestServer.root().resolve("docs/openapi.json");
  private static final Path ASYNCAPI = ApiTestServer.root().resolve("docs/asyncapi.json");

  private static ApiTestServer server;
  private static JsonNode document;
  private static JsonNode asyncApi;

  /** One operation with its place, for messages. */
  private record Operation(String method, String path, JsonNode node) {
    String id() {
      return node.path("operationId").asString();
    }

    Stream<JsonNode> contents() {
      return Stream.concat(
              Stream.of(node.path("requestBody")), node.path("responses").valueStream())
          .map(body -> body.path("content"));
    }
  }

  @BeforeAll
  static void generate(@TempDir Path home) {
    server =
        ApiTestServer.open(
            home,
            "--springdoc.api-docs.enabled=true",
            "--springdoc.api-docs.path=/generated",
            "--springdoc.default-flat-param-object=true",
            "--springdoc.default-produces-media-type=application/json",
            "--agentledger.quota.user.calls-per-minute=100000");
    document = OpenApiDocument.generate(server);
    asyncApi = AsyncApiDocument.generate(document);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        entry ->
                            operations.add(
                                new Operation(
                                    entry.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    entry.getValue()))));
    return operations;
  }

  @Test
  void committedDocumentsAreTheGeneratedOnes() throws IOException {
    assertCommitted(OPENAPI, document);
    assertCommitted(ASYNCAPI, asyncApi);
  }

  private static void assertCommitted(Path file, JsonNode generated) throws IOException {
    var text = JSON.writeValueAsString(generated) + "\n";
    if (System.getenv(UPDATE) != null) Files.writeString(file, text);
    assertThat(file)
        .as("the API has changed; run the tests once with %s=1 and commit %s", UPDATE, file)
        .hasContent(text);
  }

  @Test
  void servedDocumentsAreTheCommittedOnes() throws IOException {
    if (System.getenv(UPDATE) != null) return; // The service has the documents of its build.
    assertThat(server.get("/v3/api-docs").body()).isEqualTo(Files.readString(OPENAPI));
    assertThat(server.get("/v3/api-docs.yaml").body()).isEqualTo(Files.readString(OPENAPI));
    assertThat(server.get("/v3/asyncapi").body()).isEqualTo(Files.readString(ASYNCAPI));
  }

  /** The schema of AsyncAPI 3.0, as its authors publish it. */
  @Test
  void asyncApiDocumentIsValid() throws IOException {
    var packages =
        NpmPackages.install(
            "asyncapi", getClass(), "/asyncapi/", "package.json", "package-lock.json");
    var specification = packages.resolve("node_modules/@asyncapi/specs/schemas");
    var schema = JSON.readTree(Files.readString(specification.resolve("3.0.0-without-$id.json")));
    assertThat(SchemaValidator.validateDraft7(schema, asyncApi)).isEmpty();
    assertReferencesAreDefined(asyncApi);
  }

  @Test
  void everyAsynchronousMessageHasValidExamples() {
    var validator = new SchemaValidator(asyncApi);
    for (var message : asyncApi.at("/components/messages").properties()) {
      assertThat(message.getValue().path("examples")).as(message.getKey()).isNotEmpty();
      for (var example : message.getValue().path("examples"))
        assertThat(validator.validate(message.getValue().path("payload"), example.path("payload")))
            .as(message.getKey() + " " + example)
            .isEmpty();
    }
  }

  @Test
  void asyncApiDocumentHasEverySocketAndRoute() {
    assertThat(asyncApi.path("channels").findValuesAsString("address"))
        .containsAll(AsyncApiDocument.servedAddresses());
    assertThat(AsyncApiDocument.servedAddresses())
        .hasSizeGreaterThan(50)
        .containsAll(AsyncApiDocument.routes().keySet());
    for (var operation : operations())
      if (operation.node().at("/responses/200/content").has("text/event-stream"))
        assertThat(asyncApi.path("channels").findValuesAsString("address"))
            .contains(operation.path());
  }

  @Test
  void everyOperationIsDescribedAndNamesItsErrors() {
    assertThat(document.path("openapi").asString()).startsWith("3.1");
    assertThat(operations()).hasSizeGreaterThan(100);
    for (var operation : operations()) {
      assertThat(operation.node().path("summary").asString("")).as(operation.id()).isNotEmpty();
      assertThat(operation.node().path("description").asString("")).as(operation.id()).isNotEmpty();
      var responses = operation.node().path("responses");
      assertThat(responses.propertyNames()).as(operation.id()).contains("429", "default");
      assertThat(responses.has("404"))
          .as(operation.id())
          .isEqualTo(operation.path().contains("{") || OPENING.contains(operation.id()));
      assertThat(responses.has("415"))
          .as(operation.id())
          .isEqualTo(operation.node().has("requestBody"));
    }
  }

  @Test
  void everyParameterSchemaAndPropertyIsDescribed() {
    var undescribed = new ArrayList<String>();
    for (var operation : operations())
      for (var parameter : operation.node().path("parameters"))
        if (!parameter.has("description"))
          undescribed.add("parameter " + operation.id() + "." + parameter.path("name").asString());
    document
        .at("/components/schemas")
        .properties()
        .forEach(
            schema -> {
              if (!schema.getValue().has("description"))
                undescribed.add("schema " + schema.getKey());
              for (var property : schema.getValue().path("properties").properties())
                if (!property.getValue().has("description"))
                  undescribed.add("property " + schema.getKey() + "." + property.getKey());
            });
    assertThat(undescribed)
        .as("add a Javadoc, or a row to gateway/src/test/resources/openapi")
        .isEmpty();
  }

  @Test
  void everyBodyHasValidExamples() {
    var validator = new SchemaValidator(document);
    for (var operation : operations())
      operation
          .contents()
          .flatMap(content -> content.properties().stream())
          .filter(media -> !media.getValue().at("/schema/format").asString("").equals("binary"))
          .forEach(
              media -> {
                var examples = examples(media.getValue());
                if (isDefault(operation, media.getValue())) return;
                assertThat(examples).as(operation.id() + " " + media.getKey()).isNotEmpty();
                for (var example : examples)
                  assertThat(validator.validate(media.getValue().path("schema"), example))
                      .as(operation.id() + " " + example)
                      .isEmpty();
              });
    for (var response : document.at("/components/responses"))
      assertThat(
              validator.validate(
                  "Problem", response.at("/content/application~1problem+json/example")))
          .isEmpty();
  }

  @Test
  void requestAndResponseOfAHookHaveValidExamples() {
    var call = document.at("/webhooks/hook/post");
    var validator = new SchemaValidator(document);
    for (var body : List.of(call.path("requestBody"), call.at("/responses/200"))) {
      var media = body.at("/content/application~1json");
      assertThat(media.path("examples")).hasSize(2);
      for (var example : media.path("examples"))
        assertThat(validator.validate(media.path("schema"), example.path("value"))).isEmpty();
    }
  }

  private static boolean isDefault(Operation operation, JsonNode media) {
    return operation.node().at("/responses/default/content").valueStream().anyMatch(media::equals);
  }

  private static List<JsonNode> examples(JsonNode media) {
    if (media.has("example")) return List.of(media.path("example"));
    return media
        .path("examples")
        .valueStream()
        .map(example -> document.at(example.path("$ref").asString().substring(1)).path("value"))
        .toList();
  }

  @Test
  void examplesOfPropertiesAndParametersAreValid() {
    var validator = new SchemaValidator(document);
    for (var schema : document.at("/components/schemas").properties())
      for (var property : schema.getValue().path("properties").properties())
        for (var example : property.getValue().path("examples"))
          assertThat(validator.validate(property.getValue(), example))
              .as(schema.getKey() + "." + property.getKey())
              .isEmpty();
    for (var operation : operations())
      for (var parameter : operation.node().path("parameters"))
        if (parameter.has("example"))
          assertThat(validator.validate(parameter.path("schema"), parameter.path("example")))
              .as(operation.id() + " " + parameter.path("name").asString())
              .isEmpty();
  }

  /** Schemas permit further properties, so an example could have a misspelled one. */
  @Test
  void examplesHaveOnlyDocumentedProperties() {
    document
        .at("/components/examples")
        .properties()
        .forEach(
            example -> {
              var schema =
                  document.at("/components/schemas").path(example.getKey().split("\\.")[0]);
              if (!schema.has("properties") || schema.has("oneOf")) return;
              assertThat(schema.path("properties").propertyNames())
                  .as(example.getKey())
                  .containsAll(example.getValue().path("value").propertyNames());
            });
  }

  /** Only the scripted backend may refuse an example: it does not know most messages. */
  @Test
  void theServiceAcceptsTheExamplesOfRequests() {
    var refused = new ArrayList<String>();
    int sent = 0;
    for (var operation : operations())
      for (var example : examples(operation.node().at("/requestBody/content/application~1json"))) {
        var response = server.send(request(operation, example));
        if (List.of(400, 401, 413, 415, 422, 428, 429, 500).contains(response.statusCode()))
          refused.add(operation.id() + " " + example + "\n" + response.body());
        sent++;
      }
    assertThat(refused).isEmpty();
    assertThat(sent).isGreaterThan(50);
  }

  private static HttpRequest.Builder request(Operation operation, JsonNode body) {
    var request =
        server
            .request(address(operation))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .method(operation.method(), BodyPublishers.ofString(body.toString()));
    return hasParameter(operation, "If-Match") ? request.header("If-Match", "\"1\"") : request;
  }

  private static boolean hasParameter(Operation operation, String name) {
    return operation
        .node()
        .path("parameters")
        .valueStream()
        .anyMatch(parameter -> parameter.path("name").asString().equals(name));
  }

  private static String address(Operation operation) {
    var path = operation.path();
    for (var parameter : operation.node().path("parameters"))
      path =
          path.replace(
              "{" + parameter.path("name").asString() + "}",
              URLEncoder.encode(parameter.path("example").asString(""), StandardCharsets.UTF_8));
    return path;
  }

  /** A row of a table that nothing uses is a misspelled or forgotten one. */
  @Test
  void everyRowOfTheTablesIsUsed() {
    assertThat(OpenApiDocument.unusedRows(document)).isEmpty();
  }

  @Test
  void everyReferenceIsDefined() {
    assertReferencesAreDefined(document);
  }

  private static void assertReferencesAreDefined(JsonNode within) {
    for (var reference : within.findValuesAsString("$ref"))
      assertThat(within.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
  }

  @Test
  void alternativesOfObjectsHaveADiscriminator() {
    for (var schema : document.at("/components/schemas").properties())
      for (var alternative : schema.getValue().path("oneOf"))
        if (alternative.has("$ref")) // Others differ by their JSON type.
        assertThat(schema.getValue().at("/discriminator/mapping"))
              .as(schema.getKey())
              .contains(alternative.path("$ref"));
  }

  @Test
  void operationIdsAreUniqueAndUsedTagsAreDescribed() {
    assertThat(document.path("paths").findValuesAsString("operationId"))
        .doesNotHaveDuplicates()
        .noneMatch(id -> id.contains("_"));
    var described = document.path("tags").findValuesAsString("name");
    for (var operation : operations())
      for (var tag : operation.node().path("tags")) assertThat(described).contains(tag.asString());
    for (var tag : document.path("tags"))
      assertThat(tag.path("description").asString()).isNotEmpty();
  }

  /** Paths of earlier documents that are still served. */
  @Test
  void aliasesHaveTheResponseOfTheOperationThatTheyName() {
    var paths = document.path("paths");
    for (var alias :
        List.of(
            "/api/v1/sessions/{id}/permissions",
            "/api/v1/sessions/{id}/workdir/download",
            "/api/agents",
            "/api/chat",
            "/api/health",
            "/api/status",
            "/api/tasks",
            "/api/tasks/{id}",
            "/api/tasks/{id}/stop")) {
      var method = paths.path(alias).propertyNames().iterator().next();
      var operation = paths.path(alias).path(method);
      var summary = operation.path("summary").asString();
      var prefix = "Alias of " + method.toUpperCase(Locale.ROOT) + " ";
      assertThat(summary).as(alias).startsWith(prefix);
      var target = paths.path(summary.substring(prefix.length())).path(method);
      assertThat(operation.path("responses")).isEqualTo(target.path("responses"));
      assertThat(operation.path("parameters")).isEqualTo(target.path("parameters"));
    }
  }
}
