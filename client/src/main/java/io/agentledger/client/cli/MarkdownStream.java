package io.agentledger.client.cli;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/**
 * Shows Markdown on a terminal while it arrives. Complete blocks are printed once; the last one is
 * drawn again with each addition.
 */
final class MarkdownStream {
  private final ConsoleOutput output;
  private final StringBuilder pending = new StringBuilder();
  private boolean continued;

  MarkdownStream(ConsoleOutput output) {
    this.output = output;
  }

  void append(String markdown, AttributedStyle style) {
    pending.append(TerminalSanitizer.sanitize(markdown).replace("\t", "    "));
    output.showLive(render(style));
    // An unfinished line may become another block than it is now.
    var lines = pending.substring(0, pending.lastIndexOf("\n") + 1);
    var last = MarkdownRenderer.parse(lines).getLastChild();
    if (last == null || last.getPrevious() == null) return;
    int position = last.getSourceSpans().getFirst().getInputIndex();
    pending.delete(0, lines.lastIndexOf("\n", position - 1) + 1);
    continued = true;
    output.keepLive(render(style).size());
  }

  /** Ends the text. */
  void end() {
    pending.setLength(0);
    continued = false;
    output.startLine();
  }

  /** Renders what is pending, after the empty line between it and the blocks before. */
  private List<AttributedString> render(AttributedStyle style) {
    var document = MarkdownRenderer.parse(pending.toString());
    var lines = MarkdownRenderer.render(document, output.width(), style);
    if (!continued) return lines;
    var separated = new ArrayList<AttributedString>();
    separated.add(AttributedString.EMPTY);
    separated.addAll(lines);
    return separated;
  }
}
