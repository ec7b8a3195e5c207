package io.agentledger.command.report.render;

import java.util.ArrayList;
import java.util.Set;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Document of headings and lines of text only, for content that cannot be laid out otherwise. */
final class PlainDocument {
  private static final Set<String> KEPT = Set.of("h1", "h2", "h3");
  private static final Set<String> INLINE = Set.of("span", "a", "code", "em", "strong");

  private PlainDocument() {}

  /** Replaces everything in the body but its headings and the running head. */
  static void simplify(Document document) {
    var body = document.getElementsByTagName("body").item(0);
    var children = new ArrayList<Node>();
    for (var child = body.getFirstChild(); child != null; child = child.getNextSibling())
      children.add(child);
    for (var child : children) {
      if (child instanceof Element element
          && (KEPT.contains(element.getTagName())
              || element.getAttribute("class").startsWith("running"))) continue;
      var text = new StringBuilder();
      collect(child, text);
      var lines = document.createElement("pre");
      lines.setTextContent(text.toString());
      body.replaceChild(lines, child);
    }
  }

  private static void collect(Node node, StringBuilder text) {
    if (node.getNodeType() == Node.TEXT_NODE) text.append(node.getNodeValue());
    for (var child = node.getFirstChild(); child != null; child = child.getNextSibling())
      collect(child, text);
    if (node instanceof Element element && !INLINE.contains(element.getTagName()))
      text.append('\n');
  }
}
