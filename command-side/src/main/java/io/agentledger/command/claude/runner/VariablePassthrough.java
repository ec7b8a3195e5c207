package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentVariableNames;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables of the service that may reach an agent: those that the operator permits and
 * the session's environment names. Values are read when a process starts and are not recorded.
 *
 * @param source returns the value of a variable, or null
 */
record VariablePassthrough(Set<String> permitted, VariableSource source) {
  /** Prefixes of the service's settings, which include secrets. */
  private static final List<String> RESERVED_PREFIXES = List.of("AGENTLEDGER_", "SPRING_");

  /** Source of the variables' values. */
  interface VariableSource {
    @Nullable String value(String name);
  }

  /** Throws at start-up if the operator permitted an invalid or reserved name. */
  static void requireValidName(String name) {
    if (!EnvironmentVariableNames.isAllowed(name)
        || RESERVED_PREFIXES.stream().anyMatch(name::startsWith))
      throw new IllegalArgumentException(
          "agentledger.claude.variables: "
              + name
              + " is not a valid variable name, or is reserved for the service");
  }

  boolean permits(String name) {
    return permitted.contains(name);
  }

  /** Returns the permitted variables that have a value, as a new mutable map. */
  Map<String, String> readValues(Collection<String> names) {
    Map<String, String> values = new TreeMap<>();
    for (String name : names) {
      String value = permits(name) ? source.value(name) : null;
      if (value != null) {
        values.put(name, value);
      }
    }
    return values;
  }
}
