package io.agentledger.api.template;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A variable that the user of a template sets, or leaves at its default.
 *
 * @param defaultValue null for none
 * @param required whether a value must be given; an optional variable without value and default is
 *     empty
 * @param pattern RE2 expression for the whole value; null for any value
 * @param type of the value
 * @param allowedValues the only values; empty for all of the type
 */
public record TemplateVariable(
    String name,
    @Nullable String description,
    @Nullable String defaultValue,
    boolean required,
    @Nullable String pattern,
    VariableType type,
    List<String> allowedValues) {
  /** Maximum number of variables of a template. */
  public static final int VARIABLES_MAX = 50;

  /** Maximum number of allowed values of a variable. */
  public static final int ALLOWED_VALUES_MAX = 50;

  /** Maximum length of a value, in characters. */
  public static final int VALUE_LENGTH_MAX = 10_000;

  /** Maximum length of a pattern, in characters. */
  public static final int PATTERN_LENGTH_MAX = 200;

  /** Variables that were stored before they had types have neither type nor allowed values. */
  public TemplateVariable {
    type = type == null ? VariableType.TEXT : type;
    allowedValues = allowedValues == null ? List.of() : List.copyOf(allowedValues);
  }

  /**
   * Returns the rule of the type and of the allowed values that a value violates, to follow "must".
   * The pattern is not checked.
   */
  public Optional<String> findViolation(String value) {
    if (!type.accepts(value)) return Optional.of(type.rule());
    return allowedValues.isEmpty() || allowedValues.contains(value)
        ? Optional.empty()
        : Optional.of("be one of " + String.join(", ", allowedValues));
  }
}
