package io.agentledger.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks that the page of events has every event with its fields, as they are in the code. */
class EventsTest {
  private static final String UPDATE = "UPDATE_DOCS";

  private static ProductModel model;
  private static String page;

  @BeforeAll
  static void write() {
    model = new ProductModel();
    page = new EventPage(model, JavadocSentences.of(ApiTestServer.root(), List.of("api"))).text();
  }

  @Test
  void committedPageMatchesTheCode() throws IOException {
    var file = ApiTestServer.root().resolve("docs/events.md");
    if (System.getenv(UPDATE) != null) Files.writeString(file, page);
    assertThat(file)
        .as("the code has changed; run the tests once with %s=1 and commit the page", UPDATE)
        .exists()
        .hasContent(page);
  }

  @Test
  void everyEventIsDescribed() {
    var events = model.features().stream().flatMap(feature -> model.events(feature).stream());
    assertThat(events.map(ProductModel::name))
        .hasSizeGreaterThan(140)
        .allSatisfy(event -> assertThat(page).containsPattern("\\| `" + event + "` \\| [A-Z0-9]"));
  }

  @Test
  void fieldsHaveTheNamesAndValuesOfTheWire() {
    assertThat(page)
        .contains("`stop_reason`: `completed`, `max_turns`, `refusal`, `budget`, `hook`")
        .contains("`run_id`: id")
        .contains("`attempt`: number, from 1; a resumed run keeps its id");
  }
}
