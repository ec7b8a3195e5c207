package io.agentledger.gateway.docs;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Code in a document that readers can execute: a block of {@code sh}, {@code js} or {@code java}.
 *
 * @param page path in the repository
 * @param line of its first line
 * @param reason why it is not executed; empty if it is
 */
record Snippet(String page, int line, String language, String text, String reason) {
  private static final Pattern BLOCK =
      Pattern.compile(
          "(?ms)^(?:<!-- not executed: ([^\\n]+?) -->\\n\\n?)?```(sh|js|java)\\n(.*?)^```$");

  /** First line of a program that a later block starts. */
  private static final Pattern FILE = Pattern.compile("// ([\\w-]+\\.[cm]js)\\n");

  private static final List<String> FOLDERS = List.of("", "docs", "examples");

  /** Returns the blocks of every page that has one, in their order, by the page. */
  static Map<String, List<Snippet>> byPage() {
    var pages = new TreeMap<String, List<Snippet>>();
    for (var folder : FOLDERS)
      for (var page : pages(ApiTestServer.root().resolve(folder))) {
        var snippets = of(page);
        if (!snippets.isEmpty()) pages.put(snippets.getFirst().page(), snippets);
      }
    return pages;
  }

  private static List<Path> pages(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".md")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Snippet> of(Path file) {
    var page = ApiTestServer.root().relativize(file).toString();
    var text = read(file);
    var snippets = new ArrayList<Snippet>();
    var blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      int line =
          1 + (int) text.substring(0, blocks.start(3)).chars().filter(c -> c == '\n').count();
      var reason = blocks.group(1) == null ? "" : blocks.group(1);
      snippets.add(new Snippet(page, line, blocks.group(2), blocks.group(3), reason));
    }
    return snippets;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isExecuted() {
    return reason.isEmpty();
  }

  /** Returns the name under which the reader saves a program; empty for code that is executed. */
  Optional<String> fileName() {
    var first = FILE.matcher(text);
    return first.lookingAt() ? Optional.of(first.group(1)) : Optional.empty();
  }

  @Override
  public String toString() {
    return page + ":" + line;
  }
}
