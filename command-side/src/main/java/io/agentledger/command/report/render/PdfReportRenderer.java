package io.agentledger.command.report.render;

import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a report as PDF/A with tags, bookmarks and a table of contents. Pages are laid out in
 * parts of bounded size; {@link #finish} puts the cover and the contents before them.
 */
final class PdfReportRenderer implements ReportRenderer {
  /** Characters of XHTML in a part: 20 to 60 pages. */
  private static final int PART = 200_000;

  /** Sections in the table of contents; further ones are bookmarks only. */
  private static final int CONTENTS = 1_000;

  /** Bookmarks of a report. */
  private static final int SECTIONS = 20_000;

  /** Parts up to which a report has tags, because PDFBox holds all of them in memory. */
  private static final int TAGGED_PARTS = 12;

  private final OutputStream out;
  private final Path scratch;
  private final int taggedParts;

  /** Text of the first parts, which are laid out once it is known whether they have tags. */
  private final List<String> held = new ArrayList<>();

  private final List<ReportSection> sections = new ArrayList<>();
  private int depth;
  private StringWriter text = new StringWriter();
  private @Nullable PartWriter writer;
  private @Nullable XhtmlBlocks blocks;
  private @Nullable ReportHead head;
  private @Nullable PdfFile file;

  PdfReportRenderer(OutputStream out, Path scratch) {
    this(out, scratch, TAGGED_PARTS);
  }

  PdfReportRenderer(OutputStream out, Path scratch, int taggedParts) {
    this.out = out;
    this.scratch = scratch;
    this.taggedParts = taggedParts;
  }

  @Override
  public void start(ReportHead head) throws IOException {
    this.head = head;
    writer = new PartWriter(text);
    blocks = new XhtmlBlocks(writer, head.zone(), true);
    openPage(writer, head, "");
  }

  @Override
  public void section(ReportSection section) throws IOException {
    var page = Objects.requireNonNull(writer);
    page.breakPoint();
    boolean bookmarked = sections.size() < SECTIONS;
    depth = Math.min(section.level(), depth + 1); // Readers rely on levels that are not skipped.
    var level = "h" + depth;
    if (bookmarked) {
      sections.add(section);
      page.element(level, DisplayText.singleLine(section.title()), "id", "s" + sections.size());
    } else page.element(level, DisplayText.singleLine(section.title()));
  }

  @Override
  public void block(ReportBlock block) throws IOException {
    Objects.requireNonNull(blocks).write(block);
  }

  @Override
  public void finish() throws IOException {
    var page = Objects.requireNonNull(writer);
    page.close();
    page.close();
    page.flush();
    addPart(text.toString());
    if (file == null) open(true);
    var pdf = Objects.requireNonNull(file);
    // The contents are laid out twice, because their own pages come before those that they list.
    int frontPages = pdf.countPages(frontText(0));
    pdf.prepend(frontText(frontPages));
    pdf.write(sections, out);
  }

  private void addPart(String xhtml) throws IOException {
    if (file != null) file.append(xhtml);
    else {
      held.add(xhtml);
      if (held.size() > taggedParts) open(false);
    }
  }

  private void open(boolean tagged) throws IOException {
    file = new PdfFile(Objects.requireNonNull(head), scratch, tagged);
    for (var part : held) file.append(part);
    held.clear();
  }

  @Override
  public void close() throws IOException {
    if (file != null) file.close();
  }

  private String frontText(int frontPages) throws IOException {
    var front = new StringWriter();
    var page = new PartWriter(front);
    var cover = Objects.requireNonNull(head);
    openPage(page, cover, "@page :first { @top-left { content: none; } }");
    new XhtmlBlocks(page, cover.zone(), true).writeCover(cover);
    if (!sections.isEmpty()) writeContents(page, frontPages);
    page.close();
    page.close();
    page.flush();
    return front.toString();
  }

  private void writeContents(XhtmlWriter page, int frontPages) throws IOException {
    page.element("h1", "Contents", "class", "contents");
    page.open("table", "class", "contents");
    page.open("tbody");
    for (int i = 1; i <= Math.min(sections.size(), CONTENTS); i++) {
      var section = sections.get(i - 1);
      page.open("tr", "class", "l" + section.level());
      page.open("td", "class", "t");
      page.element("a", DisplayText.singleLine(section.title()), "href", PdfFile.link(i));
      page.close();
      int number = frontPages + Objects.requireNonNull(file).pageNumber(i);
      page.element("td", String.valueOf(number), "class", "n");
      page.close();
    }
    page.close();
    page.close();
    if (sections.size() > CONTENTS)
      page.element("p", "and " + (sections.size() - CONTENTS) + " more", "class", "more");
  }

  private static void openPage(XhtmlWriter page, ReportHead head, String rules) throws IOException {
    page.openRepeated("html", List.of("lang", "en"), () -> writeHead(page, head, rules));
    page.openRepeated("body", List.of(), () -> writeRunningHead(page, head));
  }

  private static void writeHead(XhtmlWriter page, ReportHead head, String rules)
      throws IOException {
    page.open("head");
    page.element("title", DisplayText.singleLine(head.title() + " – " + head.subject()));
    page.open("style");
    page.xhtml(Stylesheet.read("print.css") + Stylesheet.printRules(head.branding()) + rules);
    page.close();
    page.close();
  }

  private static void writeRunningHead(XhtmlWriter page, ReportHead head) throws IOException {
    page.open("div", "class", "running");
    var organization = DisplayText.singleLine(head.branding().organization());
    page.element(
        "span",
        (organization.isEmpty() ? "" : organization + " · ")
            + DisplayText.singleLine(head.title())
            + " · "
            + shortened(DisplayText.singleLine(head.subject())));
    page.close();
    var footer = DisplayText.singleLine(head.branding().footer());
    if (footer.isEmpty()) return;
    page.open("div", "class", "running-foot");
    page.element("span", footer);
    page.close();
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= 70
        ? text
        : text.substring(0, text.offsetByCodePoints(0, 69)) + "…";
  }

  /** Writes into parts: where one is full, it is rendered, and the open elements continue. */
  private final class PartWriter extends XhtmlWriter {
    PartWriter(StringWriter out) throws IOException {
      super(out);
    }

    @Override
    void breakPoint() throws IOException {
      super.breakPoint();
      if (text.getBuffer().length() < PART) return;
      var full = text;
      var next = new StringWriter();
      continueIn(next);
      addPart(full.toString());
      text = next;
    }

    @Override
    String clean(String value) {
      return PdfText.clean(super.clean(value));
    }
  }
}
