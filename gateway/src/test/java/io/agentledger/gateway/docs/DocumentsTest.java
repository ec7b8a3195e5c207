package io.agentledger.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks written documents: their links are valid, and the index of decision records is complete.
 */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern INDEXED =
      Pattern.compile("(?m)^\\| \\[(\\d{4}) ([^]]+)]\\(([^)]+)\\)");

  @Test
  void everyRelativeLinkResolves() throws IOException {
    var broken = new ArrayList<String>();
    for (var document : documents())
      for (var link : LINK.matcher(prose(document)).results().toList())
        if (!resolves(document, link)) broken.add(document + " " + link.group());
    assertThat(broken).isEmpty();
  }

  private static boolean resolves(Path document, MatchResult link) throws IOException {
    var target = link.group(1).isEmpty() ? document : document.getParent().resolve(link.group(1));
    if (link.group(2) == null || !target.toString().endsWith(".md")) return Files.exists(target);
    return Files.exists(target) && anchors(target).contains(link.group(2));
  }

  private static List<String> anchors(Path document) throws IOException {
    return HEADING.matcher(prose(document)).results().map(match -> anchor(match.group(1))).toList();
  }

  /** Returns the anchor that GitHub generates for a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
  }

  private static String prose(Path document) throws IOException {
    return FENCED.matcher(Files.readString(document)).replaceAll("");
  }

  private static List<Path> documents() throws IOException {
    var root = ApiTestServer.root();
    var documents = new ArrayList<Path>();
    for (var folder : List.of(root, root.resolve("docs"), root.resolve("examples")))
      try (Stream<Path> files = Files.walk(folder, folder.equals(root) ? 1 : 2)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    assertThat(documents).hasSizeGreaterThan(60);
    return documents;
  }

  @Test
  void indexListsEveryDecisionRecordByItsTitle() throws IOException {
    var folder = ApiTestServer.root().resolve("docs/decisions");
    var indexed =
        INDEXED
            .matcher(Files.readString(folder.resolve("README.md")))
            .results()
            .collect(Collectors.toMap(row -> row.group(3), row -> row.group(2)));
    var titles = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (var file : files.filter(path -> !path.endsWith("README.md")).toList())
        titles.put(file.getFileName().toString(), Files.readAllLines(file).getFirst().substring(2));
    }
    assertThat(indexed).containsExactlyInAnyOrderEntriesOf(titles);
    assertThat(titles)
        .allSatisfy(
            (file, title) ->
                assertThat(file.substring(5)).isEqualTo(anchor(title).replace("'", "") + ".md"));
  }
}
