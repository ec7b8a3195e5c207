package io.agentledger.command.channel.platform.markup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Document;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/**
 * Reads Markdown as runs of styled text. HTML becomes text, headings become bold, images become
 * links, and links lead to the web, to mail or to a telephone only. Not thread-safe.
 */
final class MarkdownReader extends AbstractVisitor {
  private static final int NESTING_MAX = 20;
  private static final int URL_MAX = 1_000;
  private static final Set<String> SCHEMES = Set.of("http", "https", "mailto", "tel");

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create(), StrikethroughExtension.create()))
          .maxOpenBlockParsers(NESTING_MAX)
          .maxInlineNesting(NESTING_MAX)
          .build();

  private final Markup markup;
  private final List<StyledText> runs = new ArrayList<>();
  private final Deque<Style> styles = new ArrayDeque<>();
  private String separator = "";

  private MarkdownReader(Markup markup) {
    this.markup = markup;
  }

  static List<StyledText> read(Markup markup, String markdown) {
    var reader = new MarkdownReader(markup);
    PARSER.parse(markdown.replace("\u0000", "")).accept(reader);
    return reader.runs;
  }

  private void add(String text) {
    if (text.isEmpty()) return;
    if (!separator.isEmpty() && !runs.isEmpty())
      runs.add(new StyledText(separator, commonStyles()));
    separator = "";
    runs.add(new StyledText(text, List.copyOf(styles)));
  }

  /** Returns the styles that continue from the last run, so that a quote stays one. */
  private List<Style> commonStyles() {
    var last = runs.getLast().styles();
    int count = 0;
    for (var style : styles) {
      boolean isSame =
          count < last.size()
              && last.get(count) == style; // The same node, not only the same markup.
      if (!isSame) break;
      count++;
    }
    return List.copyOf(last.subList(0, count));
  }

  private void styled(Style style, Runnable content) {
    styles.addLast(style);
    content.run();
    styles.removeLast();
  }

  private void separate(String next) {
    if (next.length() > separator.length()) separator = next;
  }

  private void block(Node block, Runnable content) {
    boolean isTight = isInTightList(block);
    separate(isTight ? "\n" : "\n\n");
    content.run();
    separate(isTight ? "\n" : "\n\n");
  }

  private static boolean isInTightList(Node block) {
    for (var node = block.getParent(); node != null; node = node.getParent())
      if (node instanceof ListBlock list) return list.isTight();
    return false;
  }

  @Override
  public void visit(Document document) {
    visitChildren(document);
  }

  @Override
  public void visit(Paragraph paragraph) {
    // The first paragraph of an item follows its mark.
    if (paragraph.getParent() instanceof ListItem && paragraph.getPrevious() == null) {
      visitChildren(paragraph);
      separate("\n");
    } else block(paragraph, () -> visitChildren(paragraph));
  }

  @Override
  public void visit(Heading heading) {
    block(heading, () -> styled(markup.strong(), () -> visitChildren(heading)));
  }

  @Override
  public void visit(BlockQuote quote) {
    block(quote, () -> styled(markup.quote(), () -> visitChildren(quote)));
  }

  @Override
  public void visit(BulletList list) {
    items(list, -1);
  }

  @Override
  public void visit(OrderedList list) {
    var start = list.getMarkerStartNumber();
    items(list, start == null ? 1 : start);
  }

  private void items(ListBlock list, int start) {
    int depth = 0;
    for (var node = list.getParent(); node != null; node = node.getParent())
      if (node instanceof ListBlock) depth++;
    separate(depth == 0 ? "\n\n" : "\n");
    int number = start;
    for (var item = list.getFirstChild(); item != null; item = item.getNext()) {
      separate("\n");
      add("  ".repeat(depth) + (start < 0 ? "• " : number + ". "));
      number++;
      visitChildren(item);
      separate(list.isTight() ? "\n" : "\n\n");
    }
    separate(depth == 0 ? "\n\n" : "\n");
  }

  @Override
  public void visit(FencedCodeBlock code) {
    codeBlock(code, code.getLiteral());
  }

  @Override
  public void visit(IndentedCodeBlock code) {
    codeBlock(code, code.getLiteral());
  }

  private void codeBlock(Node block, String literal) {
    var text = literal.stripTrailing();
    block(block, () -> styled(markup.codeBlock(), () -> add(text)));
  }

  @Override
  public void visit(HtmlBlock html) {
    block(html, () -> add(html.getLiteral()));
  }

  @Override
  public void visit(ThematicBreak line) {
    block(line, () -> add("———"));
  }

  @Override
  public void visit(HtmlInline html) {
    add(html.getLiteral());
  }

  @Override
  public void visit(Text text) {
    add(text.getLiteral());
  }

  @Override
  public void visit(SoftLineBreak node) {
    add("\n");
  }

  @Override
  public void visit(HardLineBreak node) {
    add("\n");
  }

  @Override
  public void visit(Code code) {
    styled(markup.code(), () -> add(code.getLiteral()));
  }

  @Override
  public void visit(Emphasis emphasis) {
    styled(markup.emphasis(), () -> visitChildren(emphasis));
  }

  @Override
  public void visit(StrongEmphasis strong) {
    styled(markup.strong(), () -> visitChildren(strong));
  }

  @Override
  public void visit(CustomNode node) {
    switch (node) {
      case Strikethrough strike -> styled(markup.strikethrough(), () -> visitChildren(strike));
      case TableRow row -> {
        separate("\n");
        visitChildren(row);
        separate("\n");
      }
      case TableCell cell -> {
        if (cell.getPrevious() != null) add(" | ");
        if (cell.isHeader()) styled(markup.strong(), () -> visitChildren(cell));
        else visitChildren(cell);
      }
      default -> visitChildren(node);
    }
  }

  @Override
  public void visit(CustomBlock block) {
    block(block, () -> visitChildren(block));
  }

  @Override
  public void visit(Link link) {
    link(textOf(link), link.getDestination());
  }

  @Override
  public void visit(Image image) {
    link(textOf(image), image.getDestination());
  }

  private void link(String text, String url) {
    var shown = text.isBlank() ? url : text;
    var style = markup.link(url).filter(link -> isAllowed(url) && link.open().length() < URL_MAX);
    if (style.isPresent()) styled(style.get(), () -> add(shown));
    else {
      var withAddress = shown.equals(url) ? url : shown + " (" + url + ")";
      styled(Style.whole("", ""), () -> add(withAddress));
    }
  }

  private static boolean isAllowed(String url) {
    int colon = url.indexOf(':');
    return colon > 0
        && SCHEMES.contains(url.substring(0, colon).toLowerCase(Locale.ROOT))
        && url.chars().noneMatch(character -> character <= ' ');
  }

  private static String textOf(Node node) {
    var text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(SoftLineBreak part) {
            text.append(' ');
          }
        });
    return text.toString();
  }
}
