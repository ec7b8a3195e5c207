package io.agentledger.client.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Block;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
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
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/**
 * Renders Markdown as lines of a terminal, wrapped at words. Addresses of links stay visible, HTML
 * is shown as it is written.
 */
final class MarkdownRenderer extends AbstractVisitor {
  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
  private static final Parser PARSER =
      Parser.builder().extensions(EXTENSIONS).includeSourceSpans(IncludeSourceSpans.BLOCKS).build();

  /** Columns that remain for text in deeply nested blocks. */
  private static final int WIDTH_MIN = 10;

  private final int width;
  private final List<AttributedString> lines = new ArrayList<>();
  private AttributedStringBuilder inline = new AttributedStringBuilder();
  private AttributedStyle style;

  /** Beginning of the next line, if it differs from that of the others: the marker of a list. */
  private @Nullable String marker;

  private String indent = "";

  private MarkdownRenderer(int width, AttributedStyle base) {
    this.width = width;
    this.style = base;
  }

  /** Parses text; each block of the result has the position of its source. */
  static Node parse(String markdown) {
    return PARSER.parse(markdown);
  }

  /**
   * Renders a document or one of its blocks.
   *
   * @param width columns of the longest line
   */
  static List<AttributedString> render(Node node, int width, AttributedStyle base) {
    var renderer = new MarkdownRenderer(width, base);
    node.accept(renderer);
    return renderer.lines;
  }

  @Override
  public void visit(Document document) {
    visitBlocks(document, true);
  }

  @Override
  public void visit(Heading heading) {
    withStyle(
        heading.getLevel() == 1 ? style.bold().underline() : style.bold(),
        () -> emitInline(heading));
  }

  @Override
  public void visit(Paragraph paragraph) {
    emitInline(paragraph);
  }

  @Override
  public void visit(BlockQuote quote) {
    var outer = indent;
    indent = outer + "│ ";
    visitBlocks(quote, true);
    indent = outer;
  }

  @Override
  public void visit(BulletList list) {
    for (var item = list.getFirstChild(); item != null; item = item.getNext())
      visitItem(item, "• ", list.isTight());
  }

  @Override
  public void visit(OrderedList list) {
    int number = list.getMarkerStartNumber() == null ? 1 : list.getMarkerStartNumber();
    for (var item = list.getFirstChild(); item != null; item = item.getNext())
      visitItem(item, number++ + ". ", list.isTight());
  }

  private void visitItem(Node item, String itemMarker, boolean tight) {
    if (!tight && item.getPrevious() != null) emit(AttributedString.EMPTY);
    var outer = indent;
    marker = (marker == null ? outer : marker) + itemMarker;
    indent = outer + " ".repeat(itemMarker.length());
    visitBlocks(item, !tight);
    if (marker != null) emit(AttributedString.EMPTY);
    indent = outer;
  }

  @Override
  public void visit(ListItem item) {
    visitItem(item, "• ", true);
  }

  private void visitBlocks(Node parent, boolean separated) {
    for (var block = parent.getFirstChild(); block != null; block = block.getNext()) {
      if (separated && block.getPrevious() != null) emit(AttributedString.EMPTY);
      block.accept(this);
    }
  }

  @Override
  public void visit(FencedCodeBlock code) {
    emitVerbatim(code.getLiteral());
  }

  @Override
  public void visit(IndentedCodeBlock code) {
    emitVerbatim(code.getLiteral());
  }

  @Override
  public void visit(HtmlBlock html) {
    emitVerbatim(html.getLiteral());
  }

  private void emitVerbatim(@Nullable String text) {
    var codeStyle = style.foreground(AttributedStyle.CYAN);
    for (var line : (text == null ? "" : text).stripTrailing().split("\n", -1))
      new AttributedString("  " + line, codeStyle).columnSplitLength(room()).forEach(this::addLine);
  }

  @Override
  public void visit(ThematicBreak line) {
    emit(new AttributedString("─".repeat(Math.min(room(), 40)), style.faint()));
  }

  @Override
  public void visit(CustomBlock block) {
    if (block instanceof TableBlock) renderTable(block);
    else visitChildren(block);
  }

  /** Renders a table with aligned columns; lines that are too long are split. */
  private void renderTable(Node table) {
    var rows = new ArrayList<List<AttributedString>>();
    for (var part = table.getFirstChild(); part != null; part = part.getNext())
      for (var row = part.getFirstChild(); row != null; row = row.getNext()) rows.add(cells(row));
    var widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (var row : rows)
      for (int i = 0; i < row.size(); i++)
        widths[i] = Math.max(widths[i], row.get(i).columnLength());
    for (int i = 0; i < rows.size(); i++) {
      emitRow(rows.get(i), widths);
      if (i == 0)
        emitRow(
            Arrays.stream(widths).mapToObj("─"::repeat).map(AttributedString::new).toList(),
            widths);
    }
  }

  private List<AttributedString> cells(Node row) {
    var cells = new ArrayList<AttributedString>();
    for (var cell = row.getFirstChild(); cell != null; cell = cell.getNext())
      cells.add(
          cell instanceof TableCell tableCell && tableCell.isHeader()
              ? collect(cell, style.bold())
              : collect(cell, style));
    return cells;
  }

  private void emitRow(List<AttributedString> cells, int[] widths) {
    var row = new AttributedStringBuilder();
    IntStream.range(0, cells.size())
        .forEach(
            i -> {
              if (i > 0) row.append("  ");
              row.append(cells.get(i));
              row.append(" ".repeat(widths[i] - cells.get(i).columnLength()));
            });
    row.toAttributedString().columnSplitLength(room()).forEach(this::addLine);
  }

  /** Appends text that may contain control characters, written as entities. */
  private void append(String text, AttributedStyle textStyle) {
    inline.append(TerminalSanitizer.sanitize(text), textStyle);
  }

  @Override
  public void visit(Text text) {
    append(text.getLiteral(), style);
  }

  @Override
  public void visit(Code code) {
    append(code.getLiteral(), style.foreground(AttributedStyle.CYAN));
  }

  @Override
  public void visit(HtmlInline html) {
    append(html.getLiteral(), style);
  }

  @Override
  public void visit(Emphasis emphasis) {
    withStyle(style.italic(), () -> visitChildren(emphasis));
  }

  @Override
  public void visit(StrongEmphasis emphasis) {
    withStyle(style.bold(), () -> visitChildren(emphasis));
  }

  @Override
  public void visit(SoftLineBreak lineBreak) {
    inline.append(" ", style);
  }

  @Override
  public void visit(HardLineBreak lineBreak) {
    inline.append("\n", style);
  }

  @Override
  public void visit(Link link) {
    int start = inline.length();
    withStyle(style.underline(), () -> visitChildren(link));
    appendAddress(inline.toString().substring(start), link.getDestination());
  }

  @Override
  public void visit(Image image) {
    int start = inline.length();
    visitChildren(image);
    appendAddress(inline.toString().substring(start), image.getDestination());
  }

  /** A label may name another address than the one that it leads to. */
  private void appendAddress(String label, String address) {
    if (!label.equals(address)) append(" (" + address + ")", style.faint());
  }

  private void emitInline(Block block) {
    emit(collect(block, style));
  }

  private AttributedString collect(Node node, AttributedStyle nodeStyle) {
    var outer = inline;
    inline = new AttributedStringBuilder();
    withStyle(nodeStyle, () -> visitChildren(node));
    var text = inline.toAttributedString();
    inline = outer;
    return text;
  }

  private void withStyle(AttributedStyle inner, Runnable action) {
    var outer = style;
    style = inner;
    action.run();
    style = outer;
  }

  private void emit(AttributedString text) {
    LineBreaker.wrap(text, room()).forEach(this::addLine);
  }

  private int room() {
    return Math.max(WIDTH_MIN, width - indent.length());
  }

  private void addLine(AttributedString text) {
    var line = new AttributedStringBuilder();
    line.append(marker == null ? indent : marker, style);
    line.append(text);
    lines.add(line.toAttributedString());
    marker = null;
  }
}
