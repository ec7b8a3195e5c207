package io.agentledger.gateway.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Equivalent of some names of the SDK in this service: one row of {@code parity.yml}. */
record ParityRow(
    String kind,
    List<String> names,
    List<String> apiReferences,
    List<String> events,
    List<String> tests,
    String notOffered,
    String note) {
  private static final Set<String> FIELDS =
      Set.of("names", "here", "events", "tests", "not_offered", "note");

  static List<ParityRow> committed() {
    Map<String, List<Map<String, Object>>> document =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(SdkSurface.resource("parity.yml"));
    var rows = new ArrayList<ParityRow>();
    document.forEach((kind, entries) -> entries.forEach(entry -> rows.add(row(kind, entry))));
    return rows;
  }

  private static ParityRow row(String kind, Map<String, Object> fields) {
    if (!FIELDS.containsAll(fields.keySet()))
      throw new IllegalArgumentException(kind + " " + fields.keySet() + ": an unknown field");
    return new ParityRow(
        kind,
        list(fields, "names"),
        list(fields, "here"),
        list(fields, "events"),
        list(fields, "tests"),
        text(fields, "not_offered"),
        text(fields, "note"));
  }

  static String text(Map<String, Object> fields, String name) {
    return (String) fields.getOrDefault(name, "");
  }

  static List<String> list(Map<String, Object> fields, String name) {
    return switch (fields.getOrDefault(name, List.of())) {
      case String noun -> List.of(noun);
      case List<?> many -> many.stream().map(String.class::cast).toList();
      default -> throw new IllegalArgumentException(name + " must be text or a list of texts");
    };
  }

  boolean isOffered() {
    return notOffered.isEmpty();
  }

  /** Returns the names of the rows, by kind, in the order of the rows. */
  static Map<String, List<String>> names(List<ParityRow> rows) {
    var names = new LinkedHashMap<String, List<String>>();
    for (var row : rows)
      names.computeIfAbsent(row.kind(), kind -> new ArrayList<>()).addAll(row.names());
    return names;
  }

  @Override
  public String toString() {
    return kind + " " + names;
  }
}
