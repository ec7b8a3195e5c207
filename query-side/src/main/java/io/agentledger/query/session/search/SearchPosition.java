package io.agentledger.query.session.search;

import java.time.Instant;

/**
 * Position in a search: sessions are examined newest first, and their documents, too.
 *
 * @param openedAt opening time of the last examined session
 * @param sequence of the last examined document in it; 0 if all were
 */
record SearchPosition(Instant openedAt, String session, long sequence) {
  /** Position before every session. */
  static final SearchPosition FIRST =
      new SearchPosition(Instant.parse("9999-01-01T00:00:00Z"), "", 0);

  static SearchPosition parse(String position) {
    var parts = position.split(" ", 3);
    return new SearchPosition(Instant.parse(parts[0]), parts[1], Long.parseLong(parts[2]));
  }

  /** Returns an id that is after this position's session: itself is listed again if unfinished. */
  String beforeId() {
    return sequence == 0 ? session : session + "0"; // Longer than the id, so greater.
  }

  /** Returns whether a document is still to be examined. */
  boolean isBefore(String documentSession, long documentSequence) {
    return sequence == 0 || !documentSession.equals(session) || documentSequence < sequence;
  }

  @Override
  public String toString() {
    return openedAt + " " + session + " " + sequence;
  }
}
