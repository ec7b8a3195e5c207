package io.agentledger.api.template;

import org.jspecify.annotations.Nullable;

/**
 * Something that whoever uses a template says, or leaves at its default.
 *
 * @param defaultValue null for none
 * @param required whether it must be said; what is neither said nor has a default is empty
 * @param pattern what its value must match as a whole, RE2; null for anything
 */
public record TemplateVariable(
    String name,
    @Nullable String description,
    @Nullable String defaultValue,
    boolean required,
    @Nullable String pattern) {
  /** How many a template may have. */
  public static final int VARIABLES_MAX = 50;

  /** How long a value may be, in characters. */
  public static final int VALUE_LENGTH_MAX = 10_000;

  /** How long a pattern may be, in characters. */
  public static final int PATTERN_LENGTH_MAX = 200;
}
