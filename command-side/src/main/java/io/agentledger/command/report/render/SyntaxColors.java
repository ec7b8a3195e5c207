package io.agentledger.command.report.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.swing.text.Segment;
import org.fife.ui.rsyntaxtextarea.Token;
import org.fife.ui.rsyntaxtextarea.TokenMaker;
import org.fife.ui.rsyntaxtextarea.TokenMakerFactory;
import org.fife.ui.rsyntaxtextarea.TokenTypes;

/**
 * Divides source code into tokens for colours, by the scanners of RSyntaxTextArea. Code that is
 * very long, or of an unknown language, is one token a line.
 */
final class SyntaxColors {
  private static final int MAX_CHARACTERS = 200_000;
  private static final int MAX_LINE = 2_000;
  private static final Map<String, String> LANGUAGES =
      Map.ofEntries(
          Map.entry("bash", "unix"),
          Map.entry("sh", "unix"),
          Map.entry("shell", "unix"),
          Map.entry("zsh", "unix"),
          Map.entry("c++", "cpp"),
          Map.entry("csharp", "cs"),
          Map.entry("go", "golang"),
          Map.entry("js", "javascript"),
          Map.entry("jsx", "javascript"),
          Map.entry("ts", "typescript"),
          Map.entry("tsx", "typescript"),
          Map.entry("kt", "kotlin"),
          Map.entry("py", "python"),
          Map.entry("rb", "ruby"),
          Map.entry("rs", "rust"),
          Map.entry("yml", "yaml"));

  private SyntaxColors() {}

  /**
   * Part of a line.
   *
   * @param style class of the stylesheets, or empty
   */
  record Part(String style, String text) {}

  static List<List<Part>> divide(String language, List<String> lines) {
    var name = language.toLowerCase(Locale.ROOT);
    var type = "text/" + LANGUAGES.getOrDefault(name, name);
    var factory = TokenMakerFactory.getDefaultInstance();
    if (!factory.keySet().contains(type) || !isShort(lines)) return plain(lines);
    try {
      return divide(factory.getTokenMaker(type), lines);
    } catch (RuntimeException e) {
      return plain(lines);
    } catch (Error e) { // Scanners throw it for input that they cannot match.
      if (e.getClass() != Error.class) throw e;
      return plain(lines);
    }
  }

  private static boolean isShort(List<String> lines) {
    return lines.stream().mapToInt(String::length).sum() <= MAX_CHARACTERS
        && lines.stream().allMatch(line -> line.length() <= MAX_LINE);
  }

  private static List<List<Part>> plain(List<String> lines) {
    return lines.stream().map(line -> List.of(new Part("", line))).toList();
  }

  private static List<List<Part>> divide(TokenMaker scanner, List<String> lines) {
    var divided = new ArrayList<List<Part>>();
    int state = TokenTypes.NULL;
    for (var line : lines) {
      var text = line.toCharArray();
      var parts = new ArrayList<Part>();
      int end = 0;
      Token token = scanner.getTokenList(new Segment(text, 0, text.length), state, 0);
      for (; token != null && token.isPaintable(); token = token.getNextToken()) {
        parts.add(new Part(style(token.getType()), token.getLexeme()));
        end += token.length();
      }
      if (end != text.length) throw new IllegalStateException("the scanner has lost text");
      divided.add(parts);
      state = scanner.getLastTokenTypeOnLine(new Segment(text, 0, text.length), state);
    }
    return divided;
  }

  private static String style(int type) {
    return switch (type) {
      case TokenTypes.COMMENT_EOL,
          TokenTypes.COMMENT_MULTILINE,
          TokenTypes.COMMENT_DOCUMENTATION,
          TokenTypes.COMMENT_KEYWORD,
          TokenTypes.COMMENT_MARKUP,
          TokenTypes.MARKUP_COMMENT ->
          "sc";
      case TokenTypes.RESERVED_WORD,
          TokenTypes.RESERVED_WORD_2,
          TokenTypes.LITERAL_BOOLEAN,
          TokenTypes.PREPROCESSOR,
          TokenTypes.MARKUP_TAG_NAME ->
          "sk";
      case TokenTypes.LITERAL_STRING_DOUBLE_QUOTE,
          TokenTypes.LITERAL_CHAR,
          TokenTypes.LITERAL_BACKQUOTE,
          TokenTypes.REGEX,
          TokenTypes.MARKUP_TAG_ATTRIBUTE_VALUE ->
          "ss";
      case TokenTypes.LITERAL_NUMBER_DECIMAL_INT,
          TokenTypes.LITERAL_NUMBER_FLOAT,
          TokenTypes.LITERAL_NUMBER_HEXADECIMAL ->
          "sn";
      case TokenTypes.DATA_TYPE,
          TokenTypes.FUNCTION,
          TokenTypes.ANNOTATION,
          TokenTypes.VARIABLE,
          TokenTypes.MARKUP_TAG_ATTRIBUTE ->
          "st";
      default -> "";
    };
  }
}
