package io.agentledger.api.template;

import org.jspecify.annotations.Nullable;

/**
 * A variable that the user of a template sets, or leaves at its default.
 *
 * @param defaultValue null for none
 * @param required whether a value must be given; an optional variable without value and default is
 *     empty
 * @param pattern RE2 expression for the whole value; null for any value
 */
public record TemplateVariable(
    String name,
    @Nullable String description,
    @Nullable String defaultValue,
    boolean required,
    @Nullable String pattern) {
  /** Maximum number of variables of a template. */
  public static final int VARIABLES_MAX = 50;

  /** Maximum length of a value, in characters. */
  public static final int VALUE_LENGTH_MAX = 10_000;

  /** Maximum length of a pattern, in characters. */
  public static final int PATTERN_LENGTH_MAX = 200;
}
