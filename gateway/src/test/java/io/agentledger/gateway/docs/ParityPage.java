package io.agentledger.gateway.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The page that says, name by name of the SDK, what becomes of it here. */
record ParityPage(SdkSurface surface, List<ParityRow> rows, TestSources tests) {
  private static final Map<String, String> TITLES =
      Map.ofEntries(
          Map.entry("function", "Functions"),
          Map.entry("option", "Options"),
          Map.entry("option systemPrompt", "Options: the preset system prompt"),
          Map.entry("option outputFormat", "Options: output formats"),
          Map.entry("option thinking", "Options: thinking"),
          Map.entry("option effort", "Options: effort"),
          Map.entry("option agents", "Options: agent definitions"),
          Map.entry("option mcpServers", "Options: MCP servers"),
          Map.entry("option plugins", "Options: plugins"),
          Map.entry("option settingSources", "Options: sources of settings"),
          Map.entry("option betas", "Options: betas"),
          Map.entry("option toolConfig", "Options: settings of tools"),
          Map.entry("option sandbox", "Options: sandbox"),
          Map.entry("permission mode", "Permission modes"),
          Map.entry("permission request", "What canUseTool is told"),
          Map.entry("permission result", "What canUseTool answers"),
          Map.entry("permission update", "Changes of permissions"),
          Map.entry("hook event", "Hook events"),
          Map.entry("hook answer", "What hooks answer"),
          Map.entry("query", "Methods of a query"),
          Map.entry("input", "Messages to a query"),
          Map.entry("input priority", "Priorities of messages"),
          Map.entry("message", "Messages of a query"),
          Map.entry("message origin", "Origins of messages"),
          Map.entry("result subtype", "Kinds of results"),
          Map.entry("control", "Control requests"));

  private static final String ABOUT =
      """
      # The Claude Agent SDK, over the wire

      <!-- Made by ParityTest of gateway/src/test/resources/sdk; UPDATE_DOCS=1 makes it anew. -->

      What a program can do with `%s` %s (for Claude Code %s) in its own process, and by what a \
      client does it here. The names are those of the package's type declarations, found by the \
      TypeScript compiler; the build fails when one of them has no row, when a row names an \
      operation, a field, an event or a test that is not there, and when the package has other \
      names.

      - **here**: the operation, and behind it the field of its body; behind `->` the field of its \
      answer. `stream` is the item of that type on every stream of a session.
      - **on the record**: the events. What is only read or shown has none.
      - **driven by**: the test that has the real CLI do it.

      %s
      """;

  String text() {
    var page =
        new StringBuilder(
            ABOUT.formatted(SdkSurface.PACKAGE, surface.version(), surface.cli(), summary()));
    surface.names().keySet().forEach(kind -> section(page, kind));
    return page.toString();
  }

  private String summary() {
    return "%d names: %d offered, %d not offered."
        .formatted(
            count(row -> true),
            count(ParityRow::isOffered),
            count(row -> !row.notOffered().isEmpty()));
  }

  private long count(Predicate<ParityRow> filter) {
    return rows.stream().filter(filter).mapToLong(row -> row.names().size()).sum();
  }

  private void section(StringBuilder page, String kind) {
    page.append("\n## ").append(title(kind)).append("\n\n");
    page.append("| name | here | on the record | driven by |\n| --- | --- | --- | --- |\n");
    for (var name : surface.names().get(kind))
      rows.stream()
          .filter(row -> row.kind().equals(kind) && row.names().contains(name))
          .forEach(row -> page.append(line(name, row)));
  }

  static String title(String kind) {
    var title = TITLES.get(kind);
    if (title == null) throw new IllegalArgumentException("a new kind of name: " + kind);
    return title;
  }

  private String line(String name, ParityRow row) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            name.replace(" ", "` `"), apiReferences(row), quoted(row.events()), testLinks(row))
        .replace("|  |", "| |")
        .replace("|  |", "| |");
  }

  private static String apiReferences(ParityRow row) {
    var parts = new ArrayList<String>();
    if (!row.apiReferences().isEmpty()) parts.add(quoted(row.apiReferences()));
    if (!row.notOffered().isEmpty()) parts.add("*not offered:* " + row.notOffered());
    if (!row.note().isEmpty()) parts.add(row.note());
    return String.join("<br>", parts);
  }

  private String testLinks(ParityRow row) {
    return row.tests().stream()
        .map(test -> "[%s](%s)".formatted(test.replace("#", " "), tests.link(test)))
        .collect(Collectors.joining("<br>"));
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining("<br>"));
  }
}
