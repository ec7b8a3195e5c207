package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the limits and positions of pages and streams from query parameters and headers. */
public final class Pagination {
  /** Query parameter with the length of a page. */
  public static final String LIMIT = "limit";

  /** Query parameter with the position of a page. */
  public static final String CURSOR = "cursor";

  /** Query parameters of a page. */
  static final List<String> PARAMETERS = List.of(LIMIT, CURSOR);

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
   * Parses the position at which a stream continues; the header, which browsers send when they
   * reconnect, has precedence.
   *
   * @return null if neither is given
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
   * Returns the position after which a page of events begins: {@code after}, or the cursor of the
   * previous page.
   *
   * @return null if neither is given
   */
  public static @Nullable Long parsePagePosition(@Nullable Long after, @Nullable String cursor) {
    if (cursor == null) return parseResumePosition(null, after);
    if (after != null)
      throw InvalidRequestException.parameter(CURSOR, "must not be given together with after");
    if (!cursor.matches(POSITION)) throw new RejectionException(new Rejection.InvalidCursor());
    return Long.parseLong(cursor);
  }
}
