package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Checks that the committed API document equals the one that the service serves. */
class ApiDocumentTest {
  private static final String UPDATE = "UPDATE_DOCS";
  private static final String[] GENERATE = {
    "--springdoc.api-docs.enabled=true",
    "--springdoc.api-docs.path=/generated",
    "--springdoc.default-flat-param-object=true",
  };
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .build();

  @Test
  void committedDocumentIsTheServedOne(@TempDir Path home) throws IOException {
    var file = ApiTestServer.root().resolve("docs/openapi.json");
    String served;
    try (var server = ApiTestServer.open(home, GENERATE)) {
      served = JSON.writeValueAsString(ApiTestServer.json(server.get("/generated"))) + "\n";
    }
    if (System.getenv(UPDATE) != null) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, served);
    }
    assertThat(file)
        .as(
            "the API has changed; run the tests once with %s=1 and commit docs/openapi.json",
            UPDATE)
        .exists()
        .hasContent(served);
  }

  @Test
  void everyOperationHasAnIdAndItsErrorResponses(@TempDir Path home) {
    try (var server = ApiTestServer.open(home, GENERATE)) {
      var document = ApiTestServer.json(server.get("/generated"));
      assertThat(document.path("openapi").asString()).startsWith("3.1");
      assertThat(document.path("paths")).isNotEmpty();
      for (var path : document.path("paths"))
        for (var operation : path) {
          assertThat(operation.path("summary").asString()).isNotEmpty();
          assertThat(operation.path("responses").has("default")).isTrue();
        }
    }
  }

  @Test
  void everyReferenceIsDefined() throws IOException {
    var document =
        JSON.readTree(Files.readString(ApiTestServer.root().resolve("docs/openapi.json")));
    var schemas = document.at("/components/schemas");
    for (var reference : document.findValuesAsString("$ref"))
      assertThat(schemas.has(reference.substring(reference.lastIndexOf('/') + 1)))
          .as(reference)
          .isTrue();
  }

  @Test
  void operationIdsAreUniqueAndUsedTagsAreDescribed() throws IOException {
    var document =
        JSON.readTree(Files.readString(ApiTestServer.root().resolve("docs/openapi.json")));
    assertThat(document.path("paths").findValuesAsString("operationId"))
        .doesNotHaveDuplicates()
        .noneMatch(id -> id.contains("_"));
    var described = document.path("tags").findValuesAsString("name");
    for (var path : document.path("paths"))
      for (var operation : path)
        for (var tag : operation.path("tags")) assertThat(described).contains(tag.asString());
    for (var tag : document.path("tags"))
      assertThat(tag.path("description").asString()).isNotEmpty();
  }

  /** Paths of earlier documents that are still served. */
  @Test
  void aliasesHaveTheResponseOfTheOperationThatTheyName() throws IOException {
    var paths =
        JSON.readTree(Files.readString(ApiTestServer.root().resolve("docs/openapi.json")))
            .path("paths");
    for (var alias : List.of("/hooks", "/permissions", "/workdir/download")) {
      var operation = paths.path("/api/v1/sessions/{id}" + alias).path("get");
      var summary = operation.path("summary").asString();
      assertThat(summary).as(alias).startsWith("Alias of GET ");
      var target = paths.path(summary.substring("Alias of GET ".length())).path("get");
      assertThat(operation.path("responses")).isEqualTo(target.path("responses"));
      assertThat(operation.path("parameters")).isEqualTo(target.path("parameters"));
    }
  }
}
