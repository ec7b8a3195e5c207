package io.agentledger.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks that the committed pages about features equal the generated ones. */
class FeaturesTest {
  private static final String UPDATE = "UPDATE_DOCS";
  private static final List<String> MODULES =
      List.of("api", "command-side", "projections", "query-side", "gateway");

  private static ProductModel model;
  private static Map<String, String> pages;

  @BeforeAll
  static void write() {
    model = new ProductModel();
    var sentences = JavadocSentences.of(ApiTestServer.root(), MODULES);
    var writer = new FeaturePage(model, sentences, new Routes(model, sentences));
    pages = new TreeMap<>();
    for (var feature : model.features()) {
      var page = writer.render(feature);
      if (!page.isEmpty()) pages.put(feature + ".md", page);
    }
  }

  @Test
  void committedPagesMatchTheCode() throws IOException {
    var folder = ApiTestServer.root().resolve("docs/features");
    if (System.getenv(UPDATE) != null) update(folder);
    assertThat(committed(folder))
        .as("the code has changed; run the tests once with %s=1 and commit docs/features", UPDATE)
        .isEqualTo(pages);
  }

  private static void update(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (var old : committed(folder).keySet()) Files.delete(folder.resolve(old));
    for (var page : pages.entrySet())
      Files.writeString(folder.resolve(page.getKey()), page.getValue());
  }

  private static Map<String, String> committed(Path folder) throws IOException {
    if (Files.notExists(folder)) return Map.of();
    try (var files = Files.list(folder)) {
      return files.collect(
          Collectors.toMap(
              file -> file.getFileName().toString(),
              FeaturesTest::text,
              (a, b) -> a,
              TreeMap::new));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyCommandAndQueryHasExactlyOneHandler() {
    for (var feature : model.features()) {
      for (var command : model.commands(feature))
        assertThat(model.commandHandlers(command)).as(command.getName()).hasSize(1);
      for (var query : model.queries(feature))
        assertThat(model.queryHandlers(query)).as(query.getName()).hasSize(1);
    }
  }

  @Test
  void promptFlowIsOnItsPage() {
    assertThat(pages.get("session.md"))
        .contains("| `SubmitInputs` | `sessions:write` | `Session` |")
        .contains("`QueryIssued`")
        .contains("`POST /api/v1/sessions/{id}/query`")
        .contains("| RSocket | `sessions.{id}.events` |")
        .contains("| WebSocket | `/api/v1/sessions/{id}/ws` |");
  }
}
