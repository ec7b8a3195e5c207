package io.agentledger.command.report.render;

import static io.agentledger.command.report.render.DisplayText.label;
import static io.agentledger.command.report.render.DisplayText.singleLine;

import io.agentledger.command.report.document.Branding;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes blocks as XHTML, for screens and for paper. */
final class XhtmlBlocks {
  /** Lines of text between which a long one may continue on another page. */
  private static final int LINES = 60;

  /** Rows at the start of a table that decide about the widths of its columns. */
  private static final int MEASURED_ROWS = 50;

  /** Characters of a cell on paper, where a row should fit on a page. */
  private static final int PRINTED_CELL = 2_000;

  private static final int PRINTED_LINE = 10_000;
  private static final int PRINTED_PART = 100_000;

  private static final Set<String> ROLES = Set.of("user", "assistant", "system");
  private static final Set<String> SUCCESSES = Set.of("succeeded", "success", "ok", "completed");
  private static final Set<String> FAILURES =
      Set.of("failed", "denied", "rejected", "error", "timed_out");

  private final XhtmlWriter out;
  private final ZoneId zone;
  private final boolean print;

  /**
   * @param print whether nothing can be unfolded, and images are decoded here
   */
  XhtmlBlocks(XhtmlWriter out, ZoneId zone, boolean print) {
    this.out = out;
    this.zone = zone;
    this.print = print;
  }

  void writeCover(ReportHead head) throws IOException {
    out.open("header", "class", "cover");
    writeBrand(head.branding());
    out.element("p", singleLine(head.title()), "class", "kind");
    var subject = singleLine(head.subject());
    out.element("h1", subject, "dir", DisplayText.direction(subject));
    writeFacts(head.facts());
    out.open("p", "class", "created");
    out.text("Created ");
    writeTime(head.createdAt());
    out.text(" · Times in " + zone.getId());
    out.close();
    out.close();
  }

  private void writeBrand(Branding branding) throws IOException {
    var organization = singleLine(branding.organization());
    var logo = branding.logo();
    var png = logo == null ? null : RasterImage.toPng(logo.bytes());
    if (png != null) {
      out.open("div", "class", "logo");
      writePng(png, organization.isEmpty() ? "Logo" : organization);
      out.close();
    }
    out.element("p", organization.isEmpty() ? "Agentledger" : organization, "class", "brand");
  }

  void write(ReportBlock block) throws IOException {
    out.breakPoint();
    switch (block) {
      case ReportBlock.Markdown markdown -> writeMarkdown(markdown.text());
      case ReportBlock.PlainText plain -> writePreformatted("plain", "", plain.text());
      case ReportBlock.Facts facts -> writeFacts(facts.facts());
      case ReportBlock.Table table -> writeTable(table);
      case ReportBlock.MessageCard message -> writeMessage(message);
      case ReportBlock.ToolCallCard call -> writeToolCall(call);
      case ReportBlock.Code code -> writePreformatted("code", code.language(), code.text());
      case ReportBlock.Diff diff -> writeDiff(diff);
      case ReportBlock.Image image -> writeImage(image);
    }
  }

  private void writeMarkdown(String text) throws IOException {
    var parts = HarmlessMarkdown.toXhtml(text);
    if (parts == null || print && parts.stream().anyMatch(part -> part.length() > PRINTED_PART)) {
      writePreformatted("plain", "", text);
      return;
    }
    out.open("div", "class", "markdown", "dir", DisplayText.direction(text));
    for (var part : parts) {
      out.breakPoint();
      out.xhtml(out.clean(part));
    }
    out.close();
  }

  private void writePreformatted(String kind, String language, String text) throws IOException {
    out.open("div", "class", kind);
    if (!language.isEmpty()) out.element("p", singleLine(language), "class", "language");
    var lines = SyntaxColors.divide(language, lines(text));
    for (int i = 0; i < lines.size(); i += LINES) {
      out.breakPoint();
      var part = lines.subList(i, Math.min(lines.size(), i + LINES));
      out.open("pre", "dir", direction(part));
      for (int j = 0; j < part.size(); j++) {
        if (j > 0) out.text("\n");
        for (var token : part.get(j))
          if (token.style().isEmpty()) out.text(token.text());
          else out.element("span", token.text(), "class", token.style());
      }
      out.close();
    }
    out.close();
  }

  private static String direction(List<List<SyntaxColors.Part>> lines) {
    var text = new StringBuilder();
    for (var line : lines) for (var token : line) text.append(token.text());
    return DisplayText.direction(text.toString());
  }

  /** Returns the lines of a text; on paper, very long ones are several. */
  private List<String> lines(String text) {
    var lines = new ArrayList<String>();
    for (var line : DisplayText.printable(text).split("\n", -1)) {
      int start = 0;
      while (print && line.length() - start > PRINTED_LINE) {
        int end = start + PRINTED_LINE;
        if (Character.isLowSurrogate(line.charAt(end))) end++;
        lines.add(line.substring(start, end));
        start = end;
      }
      lines.add(line.substring(start));
    }
    return lines;
  }

  private void writeDiff(ReportBlock.Diff diff) throws IOException {
    out.open("div", "class", "diff");
    out.element("p", singleLine(diff.path()), "class", "path");
    var lines = lines(diff.patch().stripTrailing());
    for (int i = 0; i < lines.size(); i += LINES) {
      out.breakPoint();
      out.open("pre");
      for (var line : lines.subList(i, Math.min(lines.size(), i + LINES)))
        out.element("span", line + "\n", "class", changeOf(line));
      out.close();
    }
    out.close();
  }

  private static String changeOf(String line) {
    if (line.startsWith("+++") || line.startsWith("---")) return "file";
    if (line.startsWith("@@")) return "hunk";
    if (line.startsWith("+")) return "added";
    return line.startsWith("-") ? "removed" : "same";
  }

  private void writeFacts(List<Fact> facts) throws IOException {
    if (facts.isEmpty()) return;
    out.open("table", "class", "facts");
    out.open("tbody");
    for (var fact : facts) {
      out.open("tr");
      out.element("th", singleLine(fact.name()), "scope", "row");
      writeCell(fact.value(), false);
      out.close();
    }
    out.close();
    out.close();
  }

  private void writeTable(ReportBlock.Table table) throws IOException {
    Iterator<List<@Nullable Object>> rows = table.rows().iterator();
    List<List<@Nullable Object>> first = new ArrayList<>();
    while (first.size() < MEASURED_ROWS && rows.hasNext()) first.add(rows.next());
    var widths = TableColumnWidths.of(table, first, zone);
    boolean hasSecondary = table.columns().stream().anyMatch(ReportBlock.Column::secondary);
    var style =
        "data"
            + (hasSecondary ? " double" : "")
            + (TableColumnWidths.isWide(widths.size()) ? " wide" : "");
    out.open("div", "class", "table");
    out.openRepeated("table", List.of("class", style), () -> writeTableHead(table, widths));
    for (List<@Nullable Object> row : first) writeRow(table, row);
    while (rows.hasNext()) writeRow(table, rows.next());
    if (first.isEmpty()) {
      out.open("tbody");
      out.open("tr");
      out.element("td", "No rows", "colspan", String.valueOf(widths.size()));
      out.close();
      out.close();
    }
    out.close();
    out.close();
  }

  /** Writes a row as a group with its secondary values, so that they stay on one page. */
  private void writeRow(ReportBlock.Table table, List<@Nullable Object> row) throws IOException {
    out.breakPoint();
    out.open("tbody");
    out.open("tr");
    for (int i = 0; i < table.columns().size(); i++) {
      var column = table.columns().get(i);
      if (!column.secondary()) writeCell(row.get(i), column.numeric());
    }
    out.close();
    writeSecondary(table, row);
    out.close();
  }

  /** Writes the values of secondary columns with their titles, below the others. */
  private void writeSecondary(ReportBlock.Table table, List<@Nullable Object> row)
      throws IOException {
    var columns = table.columns();
    long primary = columns.stream().filter(column -> !column.secondary()).count();
    if (primary == columns.size()) return;
    out.open("tr", "class", "more");
    out.open("td", "colspan", String.valueOf(primary), "dir", "auto");
    var separator = "";
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).secondary() || row.get(i) == null) continue;
      var value = singleLine(DisplayText.value(row.get(i), zone));
      if (value.isEmpty()) continue;
      out.text(separator + columns.get(i).title() + ": " + value);
      separator = " · ";
    }
    out.close();
    out.close();
  }

  private void writeTableHead(ReportBlock.Table table, List<String> widths) throws IOException {
    if (print) {
      out.open("colgroup");
      for (var width : widths) out.emptyElement("col", "width", width);
      out.close();
    }
    out.open("thead");
    out.open("tr");
    for (var column : table.columns())
      if (!column.secondary())
        out.element(
            "th",
            singleLine(column.title()),
            "scope",
            "col",
            "class",
            column.numeric() ? "n" : "t");
    out.close();
    out.close();
  }

  private void writeCell(@Nullable Object value, boolean numeric) throws IOException {
    out.element("td", DisplayText.value(value, zone), "class", numeric ? "n" : "t", "dir", "auto");
  }

  private void writeMessage(ReportBlock.MessageCard message) throws IOException {
    var role = ROLES.contains(message.role()) ? message.role() : "other";
    out.open("article", "class", "card message " + role);
    out.open("div", "class", "head");
    out.element("span", label(message.role()), "class", "role");
    out.text(" · ");
    out.element("span", singleLine(message.author()), "class", "author");
    out.text(print ? " · " : " "); // On a screen, the time is at the right.
    writeTime(message.at());
    out.close();
    for (var content : message.content()) write(content);
    out.close();
  }

  private void writeToolCall(ReportBlock.ToolCallCard call) throws IOException {
    out.open(print ? "article" : "details", "class", "card call " + kindOf(call.outcome()));
    out.open(print ? "div" : "summary", "class", "head");
    out.element("span", singleLine(call.tool()), "class", "tool");
    out.text(" · ");
    out.element("span", label(call.outcome()), "class", "outcome");
    out.text(print ? " · " : " ");
    writeTime(call.startedAt());
    if (call.endedAt() != null) {
      if (print) out.text(" · ");
      out.element("span", DisplayText.duration(call.startedAt(), call.endedAt()), "class", "time");
    }
    out.close();
    out.element("p", singleLine(call.id()), "class", "id");
    writePart("Input", call.input());
    writePart("Output", call.output());
    out.close();
  }

  private static String kindOf(String outcome) {
    if (SUCCESSES.contains(outcome)) return "succeeded";
    return FAILURES.contains(outcome) ? "failed" : "open";
  }

  private void writePart(String title, List<ReportBlock> blocks) throws IOException {
    if (blocks.isEmpty()) return;
    out.element("p", title, "class", "part");
    for (var block : blocks) write(block);
  }

  private void writeTime(Instant time) throws IOException {
    out.element("span", DisplayText.time(time, zone), "class", "time");
  }

  private void writeImage(ReportBlock.Image image) throws IOException {
    var description = DisplayText.imageDescription(image.description());
    var png = RasterImage.isSupported(image.mediaType()) ? RasterImage.toPng(image.bytes()) : null;
    out.open("div", "class", "figure");
    if (png == null)
      out.element(
          "p",
          description + " (not shown: " + image.bytes().length + " bytes that are not decodable)",
          "class",
          "missing");
    else {
      writePng(png, description);
      out.element("p", description, "class", "caption");
    }
    out.close();
  }

  private void writePng(RasterImage.Png png, String description) throws IOException {
    out.emptyElement(
        "img",
        "src",
        "data:image/png;base64," + Base64.getEncoder().encodeToString(png.bytes()),
        "alt",
        description,
        "width",
        Integer.toString(png.width()),
        "height",
        Integer.toString(png.height()));
  }
}
