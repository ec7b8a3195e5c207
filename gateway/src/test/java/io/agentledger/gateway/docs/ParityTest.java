package io.agentledger.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks that every feature of the Claude Agent SDK has an equivalent here, or a reason for its
 * absence.
 */
class ParityTest {
  private static final String UPDATE = "UPDATE_DOCS";
  static final List<String> MODULES =
      List.of("api", "store", "command-side", "projections", "query-side", "gateway", "client");
  private static final Pattern LOCKED = Pattern.compile("(?m)^(\\w+) @\\d+$");

  private final SdkSurface surface = SdkSurface.committed();
  private final List<ParityRow> rows = ParityRow.committed();
  private final TestSources tests = new TestSources(MODULES);

  @Test
  void everySdkNameHasOneRowAndViceVersa() {
    var named = ParityRow.names(rows);
    assertThat(named.keySet()).containsExactlyInAnyOrderElementsOf(surface.names().keySet());
    for (var kind : surface.names().keySet())
      assertThat(named.get(kind))
          .as(kind)
          .containsExactlyInAnyOrderElementsOf(surface.names().get(kind));
  }

  /** A row is offered with an equivalent and a test, or not offered for a reason. */
  @Test
  void everyRowHasOneStatus() {
    for (var row : rows) {
      assertThat(row.names()).as("%s", row).isNotEmpty();
      if (row.isOffered()) {
        assertThat(row.apiReferences()).as("%s: where", row).isNotEmpty();
        assertThat(row.tests()).as("%s: a test that drives the real CLI", row).isNotEmpty();
      } else {
        assertThat(row.apiReferences()).as("%s is not offered", row).isEmpty();
        assertThat(row.tests()).as("%s is not offered", row).isEmpty();
      }
    }
  }

  @Test
  void namesOfARowExist() throws IOException {
    var apiReferenceChecker = new ApiReferenceChecker();
    var events = new TreeSet<String>();
    LOCKED
        .matcher(Files.readString(ApiTestServer.root().resolve("store/events.lock")))
        .results()
        .forEach(event -> events.add(event.group(1)));
    for (var row : rows) {
      for (var address : row.apiReferences())
        assertThat(apiReferenceChecker.findError(address)).as("%s", row).isEmpty();
      assertThat(events).as("%s: events", row).containsAll(row.events());
      for (var test : row.tests()) assertThat(tests.findError(test)).as("%s", row).isEmpty();
    }
  }

  /** The check detects names that do not exist. */
  @Test
  void missingNamesAreDetected() {
    var apiReferenceChecker = new ApiReferenceChecker();
    for (var address :
        List.of(
            "POST /api/v1/sessions options.telepathy",
            "POST /api/v1/sessions options.effort=heroic",
            "GET /api/v1/status -> sandbox.moon",
            "GET /api/v1/nothing",
            "RSocket sessions.{id}.fly",
            "stream gossip"))
      assertThat(apiReferenceChecker.findError(address)).as(address).isPresent();
    for (var test :
        List.of("RunnerIT#nothing", "NobodyIT#nothing", "ParityTest#whatIsNotThereIsFound"))
      assertThat(tests.findError(test)).as(test).isPresent();
  }

  @Test
  void sdkIsThatOfThePinnedCli() throws IOException {
    var json = new JsonMapper();
    var cli =
        json.readTree(
            Files.readString(ApiTestServer.root().resolve("command-side/cli/package.json")));
    assertThat(cli.at("/dependencies/@anthropic-ai~1claude-code").asString())
        .as("the surface is that of another CLI; see CONTRIBUTING.md")
        .isEqualTo(surface.cli());
    var pinned = json.readTree(SdkSurface.resource("package.json"));
    assertThat(pinned.at("/dependencies").path(SdkSurface.PACKAGE).asString())
        .isEqualTo(surface.version());
  }

  @Test
  void committedPageMatchesTheRows() throws IOException {
    var file = ApiTestServer.root().resolve("docs/sdk-parity.md");
    var page = new ParityPage(surface, rows, tests).text();
    if (System.getenv(UPDATE) != null) Files.writeString(file, page);
    assertThat(file)
        .as("the rows have changed; run the tests once with %s=1 and commit the page", UPDATE)
        .exists()
        .hasContent(page);
  }
}
