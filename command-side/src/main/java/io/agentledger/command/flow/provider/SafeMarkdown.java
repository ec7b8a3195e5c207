package io.agentledger.command.flow.provider;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Markdown of agents without effects at a provider. An invisible character (U+200B) breaks, also
 * inside of code:
 *
 * <ul>
 *   <li>mentions of users and teams ({@code @name}), and character references that could hide one;
 *   <li>references to issues ({@code #1}, {@code GH-1}), and keywords that close issues before a
 *       URL of one;
 *   <li>images, which become links, and all HTML, which is shown as text;
 *   <li>commands of chat robots: a slash at the begin of a line, or of an item of a list.
 * </ul>
 *
 * Control characters and characters that change the direction of text are removed.
 */
public final class SafeMarkdown {
  private static final String BREAK = "\u200b";
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|[\\u202a-\\u202e\\u2066-\\u2069]");
  private static final Pattern BROKEN_AFTER =
      Pattern.compile(
          "(?<![A-Za-z0-9])@(?=[A-Za-z0-9])|#(?=\\d)|!(?=\\[)|<(?=[A-Za-z/!?])"
              + "|&(?=#|[A-Za-z][A-Za-z0-9]*;)|(?<![A-Za-z0-9])[Gg][Hh]-(?=\\d)");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^[^A-Za-z/\\n]*+(?:[xX]\\][^A-Za-z/\\n]*+)?/(?=[A-Za-z])");
  private static final Pattern CLOSING_KEYWORD =
      Pattern.compile(
          "(?i)(?<![A-Za-z0-9])([cfr])(?=(?:lose[sd]?|ix(?:e[sd])?|esolve[sd]?)(?![A-Za-z0-9]))");
  private static final Pattern ISSUE_PATH = Pattern.compile("/(?:issues|pull|discussions)/\\d");

  private SafeMarkdown() {}

  /** Returns the neutralised text. Neutralising it again changes nothing. */
  public static String of(String markdown) {
    var text = CONTROL.matcher(markdown.replace("\r\n", "\n")).replaceAll("");
    text = BROKEN_AFTER.matcher(text).replaceAll("$0" + BREAK);
    return breakClosingKeywords(COMMAND.matcher(text).replaceAll("$0" + BREAK));
  }

  /** Breaks all closing keywords before the last URL of an issue, however far before. */
  private static String breakClosingKeywords(String text) {
    int end = ISSUE_PATH.matcher(text).results().mapToInt(MatchResult::start).max().orElse(0);
    return CLOSING_KEYWORD.matcher(text.substring(0, end)).replaceAll("$1" + BREAK)
        + text.substring(end);
  }

  /** Returns the neutralised text as one line of at most {@code lengthMax} characters. */
  static String line(String text, int lengthMax) {
    return prefix(of(text.replaceAll("\\s+", " ").strip()), lengthMax);
  }

  /**
   * Returns the neutralised text of at most {@code lengthMax} characters; a cut text begins with a
   * note of that, because its end may be part of a code block.
   */
  public static String limited(String markdown, int lengthMax) {
    var text = of(markdown);
    if (text.length() <= lengthMax) return text;
    var note = "*This text is cut; the session has all of it.*\n\n";
    return note + prefix(text, lengthMax - note.length());
  }

  private static String prefix(String text, int length) {
    if (text.length() <= length) return text;
    boolean splits = Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, splits ? length - 1 : length);
  }
}
