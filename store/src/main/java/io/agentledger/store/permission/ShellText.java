package io.agentledger.store.permission;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes quoting from the text of a shell command, as bash does. */
public final class ShellText {
  private static final Pattern CONTINUATION = Pattern.compile("\\\\\n");
  private static final Pattern ANSI_QUOTES =
      Pattern.compile("\\$'((?:[^'\\\\]|\\\\.)*+)'", Pattern.DOTALL);
  private static final Pattern LOCALE_QUOTES = Pattern.compile("\\$\"");
  private static final Pattern ESCAPE =
      Pattern.compile(
          "\\\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})"
              + "|c(.)|(.))",
          Pattern.DOTALL);
  private static final String LETTERS = "abeEfnrtv";
  private static final String MEANINGS = "\u0007\b\u001b\u001b\f\n\r\t\u000b";
  private static final int CONTROL_BITS = 0x1F;

  private ShellText() {}

  /** Decodes {@code $'…'}, and joins lines that a backslash divides. */
  public static String decode(String command) {
    String joined = CONTINUATION.matcher(command).replaceAll("");
    String decoded =
        ANSI_QUOTES
            .matcher(joined)
            .replaceAll(quoted -> Matcher.quoteReplacement(unescape(quoted.group(1))));
    return LOCALE_QUOTES.matcher(decoded).replaceAll("\"");
  }

  /** Removes quote characters; words that they grouped are separated. */
  public static String unquote(String command) {
    return command.replaceAll("['\"\\\\]", "");
  }

  private static String unescape(String text) {
    return ESCAPE.matcher(text).replaceAll(escape -> Matcher.quoteReplacement(meaning(escape)));
  }

  private static String meaning(MatchResult escape) {
    for (int group = 1; group <= 3; group++) {
      if (escape.group(group) != null)
        return character(Integer.parseUnsignedInt(escape.group(group), 16));
    }
    if (escape.group(4) != null) return character(Integer.parseInt(escape.group(4), 8) & 0xFF);
    if (escape.group(5) != null)
      return character(Character.toUpperCase(escape.group(5).charAt(0)) & CONTROL_BITS);
    int letter = LETTERS.indexOf(escape.group(6));
    return letter < 0 ? escape.group(6) : MEANINGS.substring(letter, letter + 1);
  }

  private static String character(int codePoint) {
    return Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : "";
  }
}
