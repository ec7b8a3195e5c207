package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The committed API document is the one that the service serves. */
class ApiDocumentTest {
  private static final String UPDATE = "UPDATE_DOCS";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .build();

  @Test
  void theCommittedDocumentIsTheOneThatIsServed(@TempDir Path home) throws IOException {
    var file = ApiTestServer.root().resolve("docs/openapi.json");
    String served;
    try (var doors = ApiTestServer.open(home)) {
      served = JSON.writeValueAsString(ApiTestServer.json(doors.get("/v3/api-docs"))) + "\n";
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
  void everyOperationHasANameAndSaysHowItFails(@TempDir Path home) {
    try (var doors = ApiTestServer.open(home)) {
      var document = ApiTestServer.json(doors.get("/v3/api-docs"));
      assertThat(document.path("openapi").asString()).startsWith("3.1");
      assertThat(document.path("paths")).isNotEmpty();
      for (var path : document.path("paths"))
        for (var operation : path) {
          assertThat(operation.path("summary").asString()).isNotEmpty();
          assertThat(operation.path("responses").has("default")).isTrue();
        }
    }
  }
}
