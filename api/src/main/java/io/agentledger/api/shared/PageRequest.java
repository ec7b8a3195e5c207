package io.agentledger.api.shared;

import org.jspecify.annotations.Nullable;

/**
 * Requested page of a list.
 *
 * @param limit [1..500]
 * @param cursor cursor of an earlier page, or null for the first; a cursor that the service did not
 *     create is rejected
 */
public record PageRequest(int limit, @Nullable String cursor) {
  public static final int LIMIT_MAX = 500;
  public static final int LIMIT_DEFAULT = 50;

  public PageRequest {
    if (limit < 1 || limit > LIMIT_MAX)
      throw new IllegalArgumentException("limit must be 1 to " + LIMIT_MAX);
  }
}
