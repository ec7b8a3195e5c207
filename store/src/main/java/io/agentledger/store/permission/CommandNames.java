package io.agentledger.store.permission;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the names of the programs in a shell command, split as bash would split it, and detects
 * names that are computed when the command runs: from a variable, a pattern or another command's
 * output. Executes nothing; a name that it cannot determine counts as computed.
 */
public final class CommandNames {
  /** Words that may precede a program's name. */
  private static final Set<String> PREFIXES =
      Set.of(
          "!", ".", "bash", "builtin", "command", "coproc", "dash", "do", "elif", "else", "env",
          "eval", "exec", "if", "nice", "nohup", "sh", "source", "sudo", "then", "time", "timeout",
          "until", "while", "xargs", "zsh");

  private static final Pattern ASSIGNMENT =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(?:\\[[^]]*])?\\+?=.*", Pattern.DOTALL);

  /** Words that start a test and are not patterns. */
  private static final Set<String> TESTS = Set.of("[", "[[");

  private final String text;
  private final Deque<Level> outer = new ArrayDeque<>();
  private final Deque<String> hereDocuments = new ArrayDeque<>();
  private final StringBuilder word = new StringBuilder();
  private Level level = new Level('\0', true);
  private boolean isInWord;
  private boolean isDynamic;
  private boolean isTarget;
  private boolean isFound;
  private int at;

  /** The text, or a substitution in it, up to the character that ends it. */
  private static final class Level {
    private final char end;
    private boolean isBeforeName;
    private boolean isQuoted;

    /** Beginning of the word that contains a substitution. */
    private String word = "";

    Level(char end, boolean isBeforeName) {
      this.end = end;
      this.isBeforeName = isBeforeName;
    }
  }

  private CommandNames(String text) {
    this.text = text;
  }

  /**
   * Returns true if the shell computes a program's name when the command runs: {@code $X}, {@code
   * /bin/r?}.
   */
  public static boolean areDynamic(String command) {
    return new CommandNames(command).find();
  }

  private boolean find() {
    while (at < text.length() && !isFound) {
      char character = text.charAt(at++);
      if (level.isQuoted) readQuoted(character);
      else if (isInWord || character != '#') read(character);
      else skipTo('\n');
    }
    endWord();
    return isFound;
  }

  private void readQuoted(char character) {
    switch (character) {
      case '"' -> level.isQuoted = false;
      case '\\' -> append(next());
      case '`' -> substitute(character);
      case '$' -> readDollar();
      default -> append(character);
    }
  }

  private void read(char character) {
    switch (character) {
      case '\\' -> append(next());
      case '\'' -> appendUntilQuote(false);
      case '"' -> {
        isInWord = true;
        level.isQuoted = true;
      }
      case '`' -> substitute(character);
      case '$' -> readDollar();
      case '*', '?', '[' -> {
        isDynamic = true;
        append(character);
      }
      case '{' -> readBrace();
      case '<', '>' -> readRedirection(character);
      case '(' -> openGroup();
      case ')' -> closeGroup();
      case '\n' -> {
        endCommand();
        skipHereDocuments();
      }
      case ';', '&', '|' -> endCommand();
      case ' ', '\t' -> endWord();
      default -> append(character);
    }
  }

  private void append(char character) {
    word.append(character);
    isInWord = true;
  }

  private char next() {
    return at < text.length() ? text.charAt(at++) : ' ';
  }

  private boolean isNext(char character) {
    return at < text.length() && text.charAt(at) == character;
  }

  private void skipTo(char character) {
    int found = text.indexOf(character, at);
    at = found < 0 ? text.length() : found;
  }

  private void appendUntilQuote(boolean withEscapes) {
    isInWord = true;
    while (at < text.length() && text.charAt(at) != '\'') {
      char character = text.charAt(at++);
      append(character == '\\' && withEscapes ? next() : character);
    }
    at++;
  }

  private void readDollar() {
    if (isNext('\'') && !level.isQuoted) {
      at++;
      appendUntilQuote(true);
    } else if (text.startsWith("((", at) && skipArithmetic()) {
      isDynamic = true;
      isInWord = true;
    } else if (isNext('(')) {
      at++;
      substitute(')');
    } else {
      isDynamic |= at < text.length() && !Character.isWhitespace(text.charAt(at));
      append('$');
      if (isNext('{')) skipParameter();
    }
  }

  /**
   * Skips to the closing brace; the contents are words, with no commands except in substitutions.
   */
  private void skipParameter() {
    int end = text.indexOf('}', at);
    String parameter = end < 0 ? text.substring(at) : text.substring(at, end);
    if (parameter.contains("$(") || parameter.contains("`")) isFound = true;
    at = end < 0 ? text.length() : end + 1;
  }

  /**
   * Parses a substitution up to its end as a command of its own; its output is part of the word.
   */
  private void substitute(char end) {
    if (level.end == '`' && end == '`') {
      closeGroup();
      return;
    }
    isFound |= level.isBeforeName && !isTarget && !ASSIGNMENT.matcher(word).matches();
    level.word = word.toString();
    open(new Level(end, true));
  }

  private void open(Level inner) {
    outer.push(level);
    level = inner;
    word.setLength(0);
    isInWord = false;
    isDynamic = false;
  }

  private void readBrace() {
    boolean isGroup = !isInWord && at < text.length() && Character.isWhitespace(text.charAt(at));
    if (isGroup) {
      endCommand();
    } else {
      isDynamic |= !isNext('}');
      append('{');
    }
  }

  private void readRedirection(char character) {
    if (isInWord && word.chars().allMatch(Character::isDigit)) {
      word.setLength(0); // This is the number of a file descriptor.
      isInWord = false;
    }
    endWord();
    if (isNext('(')) {
      at++;
      open(new Level(')', true));
      return;
    }
    boolean isHereDocument = character == '<' && isNext('<');
    while (at < text.length() && "<>&|-".indexOf(text.charAt(at)) >= 0) at++;
    isHereDocument &= !text.startsWith("<<<", Math.max(0, at - 3));
    if (isHereDocument) readDelimiter();
    else isTarget = true;
  }

  private void readDelimiter() {
    while (isNext(' ') || isNext('\t')) at++;
    int start = at;
    while (at < text.length() && " \t\n;&|)<>".indexOf(text.charAt(at)) < 0) at++;
    hereDocuments.add(text.substring(start, at));
  }

  private void skipHereDocuments() {
    while (!hereDocuments.isEmpty()) {
      String written = hereDocuments.remove();
      String delimiter = ShellText.unquote(written);
      int start = at;
      int end = at;
      while (at < text.length()) {
        end = at;
        skipTo('\n');
        String line = text.substring(end, at++).strip();
        if (line.equals(delimiter)) break;
        end = Math.min(at, text.length());
      }
      at = Math.min(at, text.length());
      if (written.equals(delimiter)) {
        String quoted = text.substring(start, end).replace("\"", "\\\"");
        isFound |= areDynamic("cat \"" + quoted + "\"");
      }
    }
  }

  private void openGroup() {
    boolean isArray = isInWord && word.length() > 0 && word.charAt(word.length() - 1) == '=';
    if (!isInWord && isNext('(') && skipArithmetic()) return;
    level.word = isArray ? word.toString() : "";
    if (!isArray) endWord();
    open(new Level(')', !isArray));
  }

  /**
   * Skips an arithmetic expression of numbers and variables; false if it contains a substitution.
   */
  private boolean skipArithmetic() {
    int end = text.indexOf("))", at);
    if (end < 0 || text.substring(at, end).matches("(?s).*(?:\\$\\([^(]|`).*")) return false;
    at = end + 2;
    return true;
  }

  /**
   * Closes a group. Without an opening parenthesis, it ends a pattern of a case, and a command
   * follows.
   */
  private void closeGroup() {
    if (outer.isEmpty()) {
      word.setLength(0);
      isInWord = false;
      isDynamic = false;
      isTarget = false;
      level.isBeforeName = true;
      return;
    }
    endWord();
    level = outer.pop();
    word.append(level.word);
    isInWord = true; // Text directly after it is the rest of the word.
  }

  private void endCommand() {
    endWord();
    isTarget = false;
    level.isBeforeName = true;
  }

  private void endWord() {
    if (!isInWord) return;
    String name = word.toString();
    if (isTarget) {
      isTarget = false;
    } else if (level.isBeforeName) {
      boolean isAssignment = ASSIGNMENT.matcher(name).matches();
      isFound |= isDynamic && !isAssignment && !TESTS.contains(name);
      level.isBeforeName = isAssignment || name.startsWith("-") || PREFIXES.contains(name);
      if (name.equals("[[")) skipTest();
    }
    word.setLength(0);
    isInWord = false;
    isDynamic = false;
  }

  private void skipTest() {
    int end = text.indexOf("]]", at);
    if (end > 0) {
      String test = text.substring(at, end);
      if (!test.contains("$(") && !test.contains("`")) at = end + 2;
    }
  }
}
