package io.agentledger.command.channel.platform.markup;

/**
 * Markup around a text.
 *
 * @param open markup before the text, also where a text is continued in the next part
 * @param close markup after it
 * @param linePrefix markup at the begin of each further line
 * @param kind how a text of this style may be divided
 * @param isVerbatim whether no character of the text is special
 */
record Style(String open, String close, String linePrefix, Kind kind, boolean isVerbatim) {
  /** Divisibility of a text. */
  enum Kind {
    PROSE,
    /** At the ends of lines only. */
    LINES,
    /** Not at all, unless it alone is longer than a part. */
    WHOLE
  }

  static Style prose(String open, String close) {
    return new Style(open, close, "", Kind.PROSE, false);
  }

  static Style whole(String open, String close) {
    return new Style(open, close, "", Kind.WHOLE, false);
  }

  static Style lines(String open, String close) {
    return new Style(open, close, "", Kind.LINES, false);
  }

  static Style quote(String open, String close, String linePrefix) {
    return new Style(open, close, linePrefix, Kind.PROSE, false);
  }

  Style verbatim() {
    return new Style(open, close, linePrefix, kind, true);
  }
}
