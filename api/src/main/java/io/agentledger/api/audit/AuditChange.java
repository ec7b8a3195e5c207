package io.agentledger.api.audit;

import io.agentledger.api.shared.Json;
import org.jspecify.annotations.Nullable;

/**
 * Change of one property of a configuration.
 *
 * @param field path of the property, with keys of lists in brackets: {@code rules[no-rm].effect}
 * @param before value before the change; null if there was none
 * @param after value after the change; null if there is none
 * @param withheld whether the value is not shown, or only the origin of an address, because it is
 *     personal or may be secret
 * @param truncated whether a value is longer than shown
 */
public record AuditChange(
    String field,
    @Nullable Json before,
    @Nullable Json after,
    boolean withheld,
    boolean truncated) {
  /** Maximum number of changes of an entry. */
  public static final int CHANGES_MAX = 100;

  /** Maximum length of a value, in characters. */
  public static final int VALUE_LENGTH_MAX = 1_000;

  /** Maximum length of all fields and values of an entry, in characters. */
  public static final int LENGTH_MAX = 16_000;
}
