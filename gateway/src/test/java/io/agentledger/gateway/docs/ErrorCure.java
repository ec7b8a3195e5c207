package io.agentledger.gateway.docs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Cure of an error code: one row of {@code errors.yml}.
 *
 * @param cause in place of the rejection's Javadoc; empty if that is enough
 * @param cure empty if each rule has its own
 * @param rules cures by the rules that the code contains
 */
record ErrorCure(String cause, String cure, Map<String, String> rules) {
  private static final Set<String> FIELDS = Set.of("cause", "cure", "rules");

  static Map<String, ErrorCure> committed() {
    Map<String, Object> document =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(ErrorCure.class.getResourceAsStream("/docs/errors.yml"));
    var cures = new LinkedHashMap<String, ErrorCure>();
    document.forEach((code, row) -> cures.put(code, of(code, row)));
    return cures;
  }

  @SuppressWarnings("unchecked")
  private static ErrorCure of(String code, Object row) {
    if (row instanceof String cure) return new ErrorCure("", cure, Map.of());
    var fields = (Map<String, Object>) row;
    if (!FIELDS.containsAll(fields.keySet()))
      throw new IllegalArgumentException(code + " " + fields.keySet() + ": an unknown field");
    return new ErrorCure(
        ParityRow.text(fields, "cause"),
        ParityRow.text(fields, "cure"),
        (Map<String, String>) fields.getOrDefault("rules", Map.of()));
  }
}
