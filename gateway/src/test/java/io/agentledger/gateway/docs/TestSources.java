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
   * Returns the error in the name of a test; empty if it is valid.
   *
   * @param test as {@code Type#method}
   */
  Optional<String> findError(String test) {
    var parts = test.split("#");
    if (parts.length != 2 || !files.containsKey(parts[0]))
      return Optional.of("there is no test " + test);
    if (ENDS.stream().noneMatch(parts[0]::endsWith) || parts[0].startsWith("Fake"))
      return Optional.of(test + " does not drive the real CLI");
    var method =
        Pattern.compile(
            "(?:@(?:Parameterized|Repeated)?Test\\b(?:(?!\\bvoid\\b).)*\\bvoid "
                + "|@TestFactory\\s+Stream<DynamicTest> )"
                + Pattern.quote(parts[1])
                + "\\(",
            Pattern.DOTALL);
    return method.matcher(text(files.get(parts[0]))).find()
        ? Optional.empty()
        : Optional.of("there is no test " + test);
  }

  /** Returns the link to the test, relative to the directory docs. */
  String link(String test) {
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
