package io.agentledger.gateway.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One demand of the origin documents: one row of {@code scenarios.yml}.
 *
 * @param tests that show it, or the part of it that holds
 * @param differs reason why it is different here; empty if it is not
 * @param open what is missing; empty if nothing is
 */
record ScenarioRow(
    String section,
    String id,
    String demand,
    List<String> tests,
    String differs,
    String open,
    String note) {
  private static final Set<String> FIELDS =
      Set.of("id", "demand", "tests", "differs", "open", "note");

  static List<ScenarioRow> committed() {
    Map<String, List<Map<String, Object>>> document =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(SdkSurface.resource("scenarios.yml"));
    var rows = new ArrayList<ScenarioRow>();
    document.forEach((section, entries) -> entries.forEach(entry -> rows.add(row(section, entry))));
    return rows;
  }

  private static ScenarioRow row(String section, Map<String, Object> fields) {
    if (!FIELDS.containsAll(fields.keySet()))
      throw new IllegalArgumentException(section + " " + fields.keySet() + ": an unknown field");
    return new ScenarioRow(
        section,
        ParityRow.text(fields, "id"),
        ParityRow.text(fields, "demand"),
        ParityRow.list(fields, "tests"),
        ParityRow.text(fields, "differs"),
        ParityRow.text(fields, "open"),
        ParityRow.text(fields, "note"));
  }

  Status status() {
    if (!open.isEmpty()) return Status.OPEN;
    return differs.isEmpty() ? Status.HOLDS : Status.DIFFERS;
  }

  /** State of a demand. */
  enum Status {
    /** Tests show it. */
    HOLDS,
    /** It is different for a reason. */
    DIFFERS,
    /** Something is missing, or no test shows it. */
    OPEN
  }
}
