package io.agentledger.command.channel.platform.markup;

import java.util.List;

/** Markdown for receivers that show it themselves. */
public final class PlainMarkdown {
  private PlainMarkdown() {}

  /**
   * Returns the text unchanged if it fits into one part, otherwise in parts in which emphasis, code
   * and links are Markdown and headings are bold.
   */
  public static List<String> divide(String markdown, int lengthMax) {
    if (markdown.isBlank()) return List.of();
    if (markdown.length() <= lengthMax) return List.of(markdown);
    return new MarkdownMarkup().divide(markdown, lengthMax);
  }
}
