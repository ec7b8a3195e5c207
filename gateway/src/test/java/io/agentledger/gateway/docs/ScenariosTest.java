package io.agentledger.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.docs.ScenarioRow.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks that the page about the demands of the origin documents names tests that exist. */
class ScenariosTest {
  private static final String UPDATE = "UPDATE_DOCS";

  private final List<ScenarioRow> rows = ScenarioRow.committed();
  private final TestSources tests = new TestSources(ParityTest.MODULES);

  @Test
  void everyDemandHasATestOrAReason() {
    assertThat(rows).extracting(ScenarioRow::id).doesNotHaveDuplicates();
    for (var row : rows) {
      assertThat(row.demand()).as("%s", row).isNotEmpty();
      assertThat(row.differs().isEmpty() || row.open().isEmpty()).as("%s", row).isTrue();
      if (row.status() == Status.HOLDS) assertThat(row.tests()).as("%s", row).isNotEmpty();
      assertThat(row.tests()).as("%s", row).allMatch(tests::exists);
    }
  }

  @Test
  void committedPageMatchesTheRows() throws IOException {
    var file = ApiTestServer.root().resolve("docs/scenarios.md");
    var page = new ScenarioPage(rows, tests).text();
    if (System.getenv(UPDATE) != null) Files.writeString(file, page);
    assertThat(file)
        .as("the rows have changed; run the tests once with %s=1 and commit the page", UPDATE)
        .exists()
        .hasContent(page);
  }
}
