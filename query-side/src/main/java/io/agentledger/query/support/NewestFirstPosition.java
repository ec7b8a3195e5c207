package io.agentledger.query.support;

import io.agentledger.api.shared.PageRequest;
import java.time.Instant;

/** Position in a list that is newest first; the id orders entries of the same microsecond. */
public record NewestFirstPosition(Instant at, String id) {
  /** Position before every entry. */
  private static final NewestFirstPosition FIRST =
      new NewestFirstPosition(Instant.parse("9999-01-01T00:00:00Z"), "");

  /** Returns the position of the request. */
  public static NewestFirstPosition from(
      CursorCodec cursorCodec, PageRequest request, String... cursorScope) {
    return cursorCodec.decode(request, cursorScope).map(NewestFirstPosition::parse).orElse(FIRST);
  }

  private static NewestFirstPosition parse(String position) {
    int space = position.indexOf(' ');
    return new NewestFirstPosition(
        Instant.parse(position.substring(0, space)), position.substring(space + 1));
  }

  @Override
  public String toString() {
    return at + " " + id;
  }
}
