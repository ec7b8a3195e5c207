package io.agentledger.command.flow.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Documents in the Atlassian Document Format: paragraphs of plain text, and the fenced code blocks
 * of Markdown as code blocks. Other Markdown is shown as it was written.
 */
final class JiraDocument {
  private JiraDocument() {}

  /** Creates a document. Each part has its own paragraphs. */
  static Map<String, Object> of(List<String> parts) {
    var content = new ArrayList<Object>();
    for (var part : parts) addBlocks(part, content);
    return Map.of("type", "doc", "version", 1, "content", content);
  }

  private static void addBlocks(String markdown, List<Object> content) {
    var block = new StringBuilder();
    boolean isCode = false;
    for (var line : markdown.split("\n", -1)) {
      boolean isFence = line.startsWith("```");
      if (isFence || line.isBlank() && !isCode) {
        add(isCode ? "codeBlock" : "paragraph", block, content);
        if (isFence) isCode = !isCode;
      } else block.append(block.isEmpty() ? "" : "\n").append(line);
    }
    add(isCode ? "codeBlock" : "paragraph", block, content);
  }

  /** Adds the block if it has text, because empty texts are invalid. */
  private static void add(String type, StringBuilder block, List<Object> content) {
    if (!block.isEmpty())
      content.add(
          Map.of(
              "type",
              type,
              "content",
              type.equals("codeBlock")
                  ? List.of(text(block.toString()))
                  : lines(block.toString())));
    block.setLength(0);
  }

  private static List<Object> lines(String paragraph) {
    var inline = new ArrayList<Object>();
    for (var line : paragraph.split("\n", -1)) {
      if (!inline.isEmpty()) inline.add(Map.of("type", "hardBreak"));
      inline.add(text(line));
    }
    return inline;
  }

  private static Map<String, Object> text(String text) {
    return Map.of("type", "text", "text", text);
  }
}
