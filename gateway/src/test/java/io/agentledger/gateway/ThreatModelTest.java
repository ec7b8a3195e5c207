package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks SECURITY.md: the tests that it names exist, and every threat has a row. */
class ThreatModelTest {
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))`");
  private static final Pattern ROW = Pattern.compile("\\| ((?:API|LLM|ASI)\\d+) \\|(.*)\\|");

  private static String page() throws IOException {
    return Files.readString(ApiTestServer.root().resolve("SECURITY.md"));
  }

  @Test
  void everyNamedTestExists() throws IOException {
    var named = new TreeSet<String>();
    TEST.matcher(page()).results().forEach(match -> named.add(match.group(1)));
    assertThat(named).hasSizeGreaterThan(40);
    assertThat(tests()).containsAll(named);
  }

  private static TreeSet<String> tests() throws IOException {
    var tests = new TreeSet<String>();
    try (Stream<Path> modules = Files.list(ApiTestServer.root())) {
      for (var module : modules.map(path -> path.resolve("src/test/java")).toList()) {
        if (!Files.isDirectory(module)) continue;
        try (Stream<Path> files = Files.walk(module)) {
          files
              .map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .forEach(name -> tests.add(name.replace(".java", "")));
        }
      }
    }
    return tests;
  }

  @Test
  void everyListedThreatHasACompleteRow() throws IOException {
    var expected = new ArrayList<String>();
    IntStream.rangeClosed(1, 10).forEach(i -> expected.add("API" + i));
    for (var list : List.of("LLM", "ASI"))
      IntStream.rangeClosed(1, 10).forEach(i -> expected.add("%s%02d".formatted(list, i)));
    var rows = ROW.matcher(page()).results().toList();
    assertThat(rows).extracting(row -> row.group(1)).containsExactlyElementsOf(expected);
    for (var row : rows) {
      var cells = row.group(2).split("\\|");
      assertThat(cells).as(row.group(1)).hasSize(3);
      boolean says =
          TEST.matcher(cells[2]).find()
              || cells[1].contains("not yet")
              || cells[1].contains("there are none");
      assertThat(says).as(row.group(1) + " names a test or says that it is not yet there").isTrue();
    }
  }
}
