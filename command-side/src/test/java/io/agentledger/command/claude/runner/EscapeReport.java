package io.agentledger.command.claude.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Report of the attacks from inside of the sandbox: one row each. */
final class EscapeReport {
  private static final int SHOWN_MAX = 140;

  private record Row(String attack, String cameBack, String control, String defence) {}

  private final Map<String, Row> rows = new ConcurrentHashMap<>();
  private final String file;
  private final List<String> bounds;

  EscapeReport(String file, List<String> bounds) {
    this.file = file;
    this.bounds = bounds;
  }

  void add(String attack, String tried, String cameBack, String control, String defence) {
    rows.put(attack, new Row(tried, cameBack, control, defence));
  }

  void write() throws IOException {
    var lines = new ArrayList<String>();
    lines.add("# What an agent tried, and what came of it");
    lines.add("");
    lines.add(
        "The real CLI in the real box. The control is the same act where nothing stands in its way.");
    lines.add("");
    bounds.forEach(bound -> lines.add("- " + bound));
    lines.add("");
    lines.add("| attack | what was tried | what came back | control | defence |");
    lines.add("| --- | --- | --- | --- | --- |");
    new TreeMap<>(rows)
        .forEach(
            (attack, row) ->
                lines.add(
                    "| %s | %s | %s | %s | %s |"
                        .formatted(
                            attack,
                            shown(row.attack()),
                            shown(row.cameBack()),
                            shown(row.control()),
                            row.defence())));
    Files.createDirectories(Path.of("target"));
    Files.write(Path.of("target", file), lines);
  }

  private static String shown(String text) {
    String line = text.strip().replaceAll("\\s+", " ").replace("|", "\\|").replace("`", "'");
    String cut = line.length() > SHOWN_MAX ? line.substring(0, SHOWN_MAX) + "…" : line;
    return cut.isEmpty() ? "(nothing)" : "`" + cut + "`";
  }
}
