package io.agentledger.gateway.docs;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tests of all modules by name; the suffix of the name tells which ones drive the real CLI. */
final class TestSources {
  private static final List<String> ENDS = List.of("IT", "ContractTest");
  private final Map<String, Path> files = new TreeMap<>();

  TestSources(List<String> modules) {
    for (var module : modules) {
      try (var found = Files.walk(ApiTestServer.root().resolve(module + "/src/test/java"))) {
        found
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> files.put(file.getFileName().toString().replace(".java", ""), file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Returns the error in the name of a test that drives the real CLI; empty if it is valid.
   *
   * @param test as {@code Type#method}
   */
  Optional<String> findError(String test) {
    if (!exists(test)) return Optional.of("there is no test " + test);
    var type = test.split("#")[0];
    return ENDS.stream().anyMatch(type::endsWith) && !type.startsWith("Fake")
        ? Optional.empty()
        : Optional.of(test + " does not drive the real CLI");
  }

  /**
   * Returns whether there is such a test.
   *
   * @param test as {@code Type#method}
   */
  boolean exists(String test) {
    var parts = test.split("#");
    if (parts.length != 2 || !files.containsKey(parts[0])) return false;
    var method =
        Pattern.compile(
            "(?:@(?:Parameterized|Repeated)?Test\\b(?:(?!\\bvoid\\b).)*\\bvoid "
                + "|@TestFactory\\s+Stream<DynamicTest> )"
                + Pattern.quote(parts[1])
                + "\\(",
            Pattern.DOTALL);
    return method.matcher(text(files.get(parts[0]))).find();
  }

  /** Returns links to tests for a cell of a table in the directory docs. */
  String links(List<String> tests) {
    return tests.stream()
        .map(test -> "[%s](%s)".formatted(test.replace("#", " "), link(test)))
        .collect(Collectors.joining("<br>"));
  }

  private String link(String test) {
    var name = test.split("#")[0];
    return "../" + ApiTestServer.root().relativize(files.get(name));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
