package io.agentledger.client.cli;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.WCWidth;

/** Breaks text into lines between words. */
final class LineBreaker {
  private LineBreaker() {}

  /**
   * Breaks text at line breaks, and at spaces so that no line is longer than {@code width} columns;
   * a longer word is split. Returns at least one line.
   */
  static List<AttributedString> wrap(AttributedString text, int width) {
    var lines = new ArrayList<AttributedString>();
    int start = 0;
    int lastSpace = -1;
    int columns = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = Character.codePointAt(text, i);
      int wide = Math.max(0, WCWidth.wcwidth(codePoint));
      if (codePoint == '\n' || columns > 0 && columns + wide > width && codePoint != ' ') {
        int end = codePoint == '\n' || lastSpace < 0 ? i : lastSpace;
        lines.add(text.subSequence(start, end));
        start = codePoint == '\n' || lastSpace >= 0 ? end + 1 : end;
        i = Math.max(i, start);
        columns = i > start ? text.subSequence(start, i).columnLength() : 0;
        lastSpace = -1;
        continue;
      }
      if (codePoint == ' ') lastSpace = i;
      columns += wide;
      i += Character.charCount(codePoint);
    }
    lines.add(text.subSequence(start, text.length()));
    return lines;
  }

  /** Breaks a line of plain text; later lines have its indentation. */
  static List<String> wrap(String line, int width) {
    var text = line.stripLeading();
    var indent = line.substring(0, line.length() - text.length());
    if (indent.length() > width / 2 || text.length() + indent.length() <= width / 2)
      return List.of(line);
    return wrap(new AttributedString(text), width - indent.length()).stream()
        .map(part -> indent + part)
        .toList();
  }
}
