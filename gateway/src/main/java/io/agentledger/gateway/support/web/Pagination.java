package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Reads the bounds that a client sets in the query string or in headers. */
public final class Pagination {
  /** Query parameter with the length of a page. */
  public static final String LIMIT = "limit";

  /** Query parameter with the position of a page. */
  public static final String CURSOR = "cursor";

  private static final String POSITION = "[0-9]{1,18}";

  private Pagination() {}

  public static PageRequest toPageRequest(@Nullable Integer limit, @Nullable String cursor) {
    return new PageRequest(requireLimit(limit), cursor);
  }

  public static int requireLimit(@Nullable Integer limit) {
    if (limit == null) return PageRequest.LIMIT_DEFAULT;
    if (limit < 1 || limit > PageRequest.LIMIT_MAX)
      throw InvalidRequestException.parameter(LIMIT, "must be 1 to " + PageRequest.LIMIT_MAX);
    return limit;
  }

  /**
   * Where a stream goes on; the header is what a browser sends when it comes back, and wins.
   *
   * @return null when neither is given
   */
  public static @Nullable Long parseResumePosition(
      @Nullable String lastEventId, @Nullable Long after) {
    if (lastEventId != null && !lastEventId.isEmpty()) {
      if (!lastEventId.matches(POSITION))
        throw InvalidRequestException.header(
            "Last-Event-ID", "must be the id of an event: a whole number from 0");
      return Long.parseLong(lastEventId);
    }
    if (after != null && after < 0)
      throw InvalidRequestException.parameter("after", "must be a whole number from 0");
    return after;
  }

  /**
   * Position after which a page of events begins: {@code after}, or the cursor of the previous
   * page.
   *
   * @return null when neither is given
   */
  public static @Nullable Long parsePagePosition(@Nullable Long after, @Nullable String cursor) {
    if (cursor == null) return parseResumePosition(null, after);
    if (after != null)
      throw InvalidRequestException.parameter(CURSOR, "must not be given together with after");
    if (!cursor.matches(POSITION)) throw new RejectionException(new Rejection.InvalidCursor());
    return Long.parseLong(cursor);
  }
}
