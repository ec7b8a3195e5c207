package io.agentledger.query.session.search;

import io.agentledger.api.session.query.SearchResultView.Highlight;
import io.agentledger.query.session.search.SearchTerms.Match;
import java.util.ArrayList;
import java.util.List;

/** Plain text around the first match of a text. */
record Snippet(String text, List<Highlight> highlights) {
  private static final int BEFORE = 80;
  private static final int LENGTH = 240;
  private static final int HIGHLIGHTS_MAX = 20;

  /** Embeddings, overrides, isolates and marks of the direction of text (UAX #9). */
  private static final String DIRECTIONS =
      "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

  /**
   * Cuts the snippet out of a text.
   *
   * @param matches at least one, in order
   */
  static Snippet of(String text, List<Match> matches) {
    int first = matches.getFirst().start();
    int from = wordStart(text, Math.max(0, first - BEFORE), first);
    int to = Math.min(text.length(), from + LENGTH);
    if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) to--;
    var highlights = new ArrayList<Highlight>();
    int end = from;
    for (var match : matches) {
      if (match.start() >= to || highlights.size() == HIGHLIGHTS_MAX) break;
      if (match.start() < end) continue; // Part of another match.
      end = Math.min(match.end(), to);
      highlights.add(new Highlight(match.start() - from, end - from));
    }
    return new Snippet(onOneLine(text.substring(from, to)), highlights);
  }

  /** Returns the start of the first whole word, if there is one before the match. */
  private static int wordStart(String text, int from, int match) {
    if (from == 0) return 0;
    for (int i = from; i < match; i++) if (Character.isWhitespace(text.charAt(i))) return i + 1;
    return Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
  }

  /**
   * Replaces line breaks, control characters and those that change the direction of the text after
   * them, which have the same length as a space.
   */
  private static String onOneLine(String text) {
    var line = new StringBuilder(text);
    for (int i = 0; i < line.length(); i++)
      if (Character.isISOControl(line.charAt(i)) || DIRECTIONS.indexOf(line.charAt(i)) >= 0)
        line.setCharAt(i, ' ');
    return line.toString();
  }
}
