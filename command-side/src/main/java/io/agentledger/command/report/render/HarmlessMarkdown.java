package io.agentledger.command.report.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.markdown.MarkdownNodeRendererContext;
import org.commonmark.renderer.markdown.MarkdownNodeRendererFactory;
import org.commonmark.renderer.markdown.MarkdownRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Untrusted Markdown whose HTML is code or text, whose images are their descriptions, whose
 * headings are bold paragraphs, and whose links lead to the web or to mail only; in Markdown, which
 * other programs show, they are text.
 */
final class HarmlessMarkdown {
  private static final int MAX_NESTING = 20;

  /**
   * A row of a table is filled up to the width of its header, so few characters make many cells.
   */
  private static final long MAX_CELLS = 100_000;

  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
  private static final Parser PARSER =
      Parser.builder()
          .extensions(EXTENSIONS)
          .maxOpenBlockParsers(MAX_NESTING)
          .maxInlineNesting(MAX_NESTING)
          .build();
  private static final HtmlRenderer HTML =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .percentEncodeUrls(true)
          .nodeRendererFactory(FencedCode::new)
          .attributeProviderFactory(
              _ ->
                  (_, tag, attributes) -> {
                    if (tag.equals("a")) attributes.put("rel", "noopener noreferrer nofollow");
                  })
          .build();
  private static final MarkdownRenderer MARKDOWN =
      MarkdownRenderer.builder()
          .extensions(EXTENSIONS)
          .nodeRendererFactory(new MoreEscapes())
          .build();

  private HarmlessMarkdown() {}

  /** Returns blocks of well-formed XHTML, or null if the text must be shown as plain text. */
  static @Nullable List<String> toXhtml(String markdown) {
    var document = parse(markdown, true);
    if (document == null) return null;
    var blocks = new ArrayList<String>();
    for (var block = document.getFirstChild(); block != null; block = block.getNext())
      blocks.add(DisplayText.printable(HTML.render(block))); // Entities can be control characters.
    return blocks;
  }

  /** Returns Markdown, or null if the text must be shown as plain text. */
  static @Nullable String toMarkdown(String markdown) {
    var document = parse(markdown, false);
    if (document == null) return null;
    document.accept(new EscapedAddresses());
    var text = DisplayText.printable(MARKDOWN.render(document));
    var violations = new Violations();
    PARSER.parse(text).accept(violations);
    return violations.found ? null : text;
  }

  /**
   * Parses a text and makes it harmless; null if it must be shown as plain text.
   *
   * @param printed whether readers may see it on paper, where only text says where a link leads
   */
  private static @Nullable Node parse(String markdown, boolean printed) {
    var text = DisplayText.printable(markdown);
    if (hasTooManyCells(text)) return null;
    var document = PARSER.parse(text);
    document.accept(new Replacements(printed));
    return document;
  }

  private static boolean hasTooManyCells(String text) {
    long lines = 0;
    int most = 0;
    int pipes = 0;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '|') most = Math.max(most, ++pipes);
      if (character != '\n') continue;
      lines++;
      pipes = 0;
    }
    return lines * most > Math.max(MAX_CELLS, 2L * text.length());
  }

  /** Replaces what could load, run, mislead or break the structure of the report. */
  private static final class Replacements extends AbstractVisitor {
    private static final Set<String> SCHEMES = Set.of("http", "https", "mailto");
    private static final int ADDRESS_MAX = 500;

    private final boolean printed;

    Replacements(boolean printed) {
      this.printed = printed;
    }

    @Override
    public void visit(HtmlBlock html) {
      var code = new FencedCodeBlock();
      code.setInfo("html");
      code.setLiteral(html.getLiteral() + "\n");
      replace(html, code);
    }

    @Override
    public void visit(HtmlInline html) {
      replace(html, new Text(html.getLiteral()));
    }

    @Override
    public void visit(Image image) {
      var alternative = textOf(image);
      var emphasis = new Emphasis("*");
      emphasis.appendChild(new Text(DisplayText.imageDescription(alternative)));
      image.insertAfter(new Text(inParentheses(image.getDestination())));
      replace(image, emphasis);
    }

    @Override
    public void visit(Heading heading) {
      visitChildren(heading);
      var strong = new StrongEmphasis("**");
      moveChildren(heading, strong);
      var paragraph = new Paragraph();
      if (strong.getFirstChild() != null) paragraph.appendChild(strong);
      replace(heading, paragraph);
    }

    @Override
    public void visit(Link link) {
      visitChildren(link);
      link.setTitle(null);
      var destination = link.getDestination();
      int colon = destination.indexOf(':');
      boolean isKnown =
          colon > 0 && SCHEMES.contains(destination.substring(0, colon).toLowerCase(Locale.ROOT));
      boolean isRepeated = isKnown && textOf(link).equals(destination);
      if (!isRepeated) link.insertAfter(new Text(inParentheses(destination)));
      if (printed && isKnown) return;
      for (var child : children(link)) link.insertBefore(child);
      link.unlink();
    }

    private static String inParentheses(String address) {
      boolean isLong = address.length() > ADDRESS_MAX;
      return " (" + (isLong ? address.substring(0, ADDRESS_MAX) + "…" : address) + ")";
    }

    private static String textOf(Node node) {
      var content = new TextContent();
      node.accept(content);
      return content.text.toString();
    }

    @Override
    public void visit(LinkReferenceDefinition definition) {
      definition.unlink();
    }

    private static void moveChildren(Node from, Node to) {
      for (var child : children(from)) to.appendChild(child);
    }

    private static List<Node> children(Node parent) {
      var children = new ArrayList<Node>();
      for (var child = parent.getFirstChild(); child != null; child = child.getNext())
        children.add(child);
      return children;
    }

    private static void replace(Node node, Node replacement) {
      node.insertBefore(replacement);
      node.unlink();
    }
  }

  /**
   * Escapes what readers of Markdown make a link of although it is text. The renderer writes inline
   * HTML as it is, which an escape needs.
   */
  private static final class EscapedAddresses extends AbstractVisitor {
    private static final Pattern MARK =
        Pattern.compile("(?i):(?=//)|(?<=www)\\.|(?<=mailto|xmpp):");

    @Override
    public void visit(Text node) {
      var text = node.getLiteral();
      var marks = MARK.matcher(text);
      int from = 0;
      while (marks.find()) {
        node.insertBefore(new Text(text.substring(from, marks.start())));
        var escape = new HtmlInline();
        escape.setLiteral("\\" + marks.group());
        node.insertBefore(escape);
        from = marks.end();
      }
      node.setLiteral(text.substring(from));
    }
  }

  /** Collects the text of a node. */
  private static final class TextContent extends AbstractVisitor {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void visit(Text node) {
      text.append(node.getLiteral());
    }
  }

  /** Detects markup that {@link Replacements} removed, after it was written and parsed again. */
  private static final class Violations extends AbstractVisitor {
    private boolean found;

    @Override
    public void visit(HtmlBlock html) {
      found = true;
    }

    @Override
    public void visit(HtmlInline html) {
      found = true;
    }

    @Override
    public void visit(Image image) {
      found = true;
    }

    @Override
    public void visit(Heading heading) {
      found = true;
    }
  }

  /** Fenced code with colours. */
  private record FencedCode(HtmlNodeRendererContext context) implements NodeRenderer {
    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(FencedCodeBlock.class);
    }

    @Override
    public void render(Node node) {
      var block = (FencedCodeBlock) node;
      var html = context.getWriter();
      var language = block.getInfo() == null ? "" : block.getInfo().strip().split("\\s", 2)[0];
      html.line();
      html.tag("pre");
      var lines = List.of(block.getLiteral().stripTrailing().split("\n", -1));
      for (var line : SyntaxColors.divide(language, lines)) {
        for (var token : line) {
          if (!token.style().isEmpty()) html.tag("span", Map.of("class", token.style()));
          html.text(token.text());
          if (!token.style().isEmpty()) html.tag("/span");
        }
        html.raw("\n");
      }
      html.tag("/pre");
      html.line();
    }
  }

  /** Characters that GitHub interprets in addition to CommonMark. */
  private static final class MoreEscapes implements MarkdownNodeRendererFactory {
    @Override
    public NodeRenderer create(MarkdownNodeRendererContext context) {
      return new NodeRenderer() {
        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
          return Set.of();
        }

        @Override
        public void render(Node node) {
          throw new IllegalStateException();
        }
      };
    }

    @Override
    public Set<Character> getSpecialCharacters() {
      return Set.of('~', '$', '@', '|', '+');
    }
  }
}
