package io.agentledger.command.flow.provider;

import java.util.regex.Pattern;

/**
 * Markers that identify the comments of the service, so that none is posted twice and none starts
 * another flow: {@code <!-- agentledger:ID -->} where HTML comments are hidden, and the footer
 * {@code (agentledger ID)} elsewhere.
 */
public final class CommentMarker {
  private static final Pattern HIDDEN =
      Pattern.compile("<!-- agentledger:([A-Za-z0-9_-]{1,64}) -->");
  private static final Pattern FOOTER =
      Pattern.compile("\\(agentledger [A-Za-z0-9_-]{1,64}\\)\\s*");

  private CommentMarker() {}

  /** Returns the marker, or throws if it is malformed. */
  static String require(String marker) {
    if (!HIDDEN.matcher(marker).matches())
      throw new IllegalArgumentException("a marker must be <!-- agentledger:ID -->");
    return marker;
  }

  /** Returns the id that the marker contains. */
  public static String idOf(String marker) {
    return HIDDEN.matcher(marker).replaceFirst("$1");
  }

  static String footer(String marker) {
    return "(agentledger " + idOf(marker) + ")";
  }

  /**
   * Returns whether the text of a comment has a marker of the service. Others can copy a marker, so
   * a comment with one may be ignored, but is never trusted because of it.
   */
  public static boolean isPresent(String text) {
    if (HIDDEN.matcher(text).find()) return true;
    var lines = text.stripTrailing();
    return FOOTER.matcher(lines.substring(lines.lastIndexOf('\n') + 1)).matches();
  }
}
