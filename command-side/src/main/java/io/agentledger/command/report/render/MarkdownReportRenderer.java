package io.agentledger.command.report.render;

import static io.agentledger.command.report.render.DisplayText.label;
import static io.agentledger.command.report.render.DisplayText.printable;
import static io.agentledger.command.report.render.DisplayText.singleLine;

import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes a report as GitHub Flavored Markdown. Messages and tool calls are block quotes, which
 * their content cannot leave. Untrusted text is escaped; Markdown is made harmless ({@link
 * HarmlessMarkdown}).
 */
final class MarkdownReportRenderer implements ReportRenderer {
  private static final int EMBEDDED_IMAGE_BYTES = 32 * 1024;
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9+#._-]{1,30}");
  private static final Pattern BACKTICKS = Pattern.compile("`+");

  private final Writer out;
  private String prefix = "";
  private ZoneId zone = ZoneOffset.UTC;

  MarkdownReportRenderer(OutputStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  @Override
  public void start(ReportHead head) throws IOException {
    zone = head.zone();
    line("# " + inline(head.title()) + ": " + inline(head.subject()));
    line("");
    facts(head.factsWithBranding());
    line("");
    line(
        "*"
            + inline(
                "Created "
                    + DisplayText.time(head.createdAt(), zone)
                    + ", times in "
                    + zone.getId())
            + "*");
  }

  @Override
  public void section(ReportSection section) throws IOException {
    DisplayText.checkInterrupt();
    line("");
    line("#".repeat(section.level() + 1) + " " + inline(section.title()));
  }

  @Override
  public void block(ReportBlock block) throws IOException {
    DisplayText.checkInterrupt();
    line("");
    switch (block) {
      case ReportBlock.Markdown markdown -> markdown(markdown.text());
      case ReportBlock.PlainText plain -> plainText(plain.text());
      case ReportBlock.Facts facts -> facts(facts.facts());
      case ReportBlock.Table table -> table(table);
      case ReportBlock.MessageCard message -> message(message);
      case ReportBlock.ToolCallCard call -> toolCall(call);
      case ReportBlock.Code code -> code(code.language(), code.text());
      case ReportBlock.Diff diff -> {
        line("**" + inline(diff.path()) + "**");
        line("");
        code("diff", diff.patch());
      }
      case ReportBlock.Image image -> image(image);
    }
  }

  @Override
  public void finish() throws IOException {
    DisplayText.checkInterrupt();
    out.flush();
  }

  @Override
  public void close() {}

  private void message(ReportBlock.MessageCard message) throws IOException {
    var outer = prefix;
    prefix = outer + "> ";
    line(
        "**"
            + inline(label(message.role()))
            + "** · "
            + inline(message.author())
            + " · "
            + DisplayText.time(message.at(), zone));
    for (var content : message.content()) block(content);
    prefix = outer;
  }

  private void toolCall(ReportBlock.ToolCallCard call) throws IOException {
    var outer = prefix;
    prefix = outer + "> ";
    var duration =
        call.endedAt() == null
            ? ""
            : " · " + DisplayText.duration(call.startedAt(), call.endedAt());
    line(
        "**"
            + inline(call.tool())
            + "** · "
            + inline(label(call.outcome()))
            + " · "
            + DisplayText.time(call.startedAt(), zone)
            + duration
            + " · "
            + inline(call.id()));
    part("Input", call.input());
    part("Output", call.output());
    prefix = outer;
  }

  private void part(String title, List<ReportBlock> blocks) throws IOException {
    if (blocks.isEmpty()) return;
    line("");
    line("*" + title + "*");
    for (var block : blocks) block(block);
  }

  private void markdown(String text) throws IOException {
    var markdown = HarmlessMarkdown.toMarkdown(text);
    if (markdown == null) plainText(text);
    else lines(markdown.stripTrailing());
  }

  private void plainText(String text) throws IOException {
    var lines = printable(text).stripTrailing().split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean breaks = !lines[i].isBlank() && i + 1 < lines.length && !lines[i + 1].isBlank();
      line(escapeLine(lines[i]) + (breaks ? "\\" : ""));
    }
  }

  private void facts(List<Fact> facts) throws IOException {
    for (var fact : facts)
      line("- **" + inline(fact.name()) + ":** " + inline(DisplayText.value(fact.value(), zone)));
  }

  private void table(ReportBlock.Table table) throws IOException {
    var header = new StringBuilder("|");
    var alignment = new StringBuilder("|");
    for (var column : table.columns()) {
      header.append(' ').append(inline(column.title())).append(" |");
      alignment.append(column.numeric() ? " ---: |" : " --- |");
    }
    line(header.toString());
    line(alignment.toString());
    for (var row : table.rows()) {
      DisplayText.checkInterrupt();
      var cells = new StringBuilder("|");
      for (int i = 0; i < table.columns().size(); i++)
        cells.append(' ').append(inline(DisplayText.value(row.get(i), zone))).append(" |");
      line(cells.toString());
    }
  }

  private void code(String language, String text) throws IOException {
    var code = printable(text);
    int longest =
        BACKTICKS.matcher(code).results().mapToInt(run -> run.end() - run.start()).max().orElse(0);
    var fence = "`".repeat(Math.max(3, longest + 1));
    line(fence + (LANGUAGE.matcher(language).matches() ? language : ""));
    lines(code.endsWith("\n") ? code.substring(0, code.length() - 1) : code);
    line(fence);
  }

  private void image(ReportBlock.Image image) throws IOException {
    if (RasterImage.isSupported(image.mediaType()) && image.bytes().length <= EMBEDDED_IMAGE_BYTES)
      line(
          "!["
              + inline(image.description())
              + "](data:"
              + image.mediaType()
              + ";base64,"
              + Base64.getEncoder().encodeToString(image.bytes())
              + ")");
    else
      line(
          "*"
              + inline(
                  DisplayText.imageDescription(image.description())
                      + " ("
                      + image.mediaType()
                      + ", "
                      + image.bytes().length
                      + " bytes, SHA-256 "
                      + RasterImage.sha256(image.bytes())
                      + ")")
              + "*");
  }

  private void lines(String text) throws IOException {
    for (var line : text.split("\n", -1)) line(line);
  }

  private void line(String text) throws IOException {
    out.append(text.isEmpty() ? prefix.stripTrailing() : prefix).append(text).append('\n');
  }

  private static String inline(String text) {
    return escapeLine(singleLine(text));
  }

  /** Escapes a line of text, also where it stands at the start of a line of Markdown. */
  private static String escapeLine(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    int indent = 0;
    while (indent < text.length() && (text.charAt(indent) == ' ' || text.charAt(indent) == '\t'))
      escaped.append(text.charAt(indent++) == ' ' ? "&nbsp;" : "&nbsp;&nbsp;&nbsp;&nbsp;");
    int digits = indent;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9')
      digits++;
    for (int i = indent; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean atStart = i == indent && "#+-=:".indexOf(character) >= 0;
      boolean list = i == digits && i > indent && (character == '.' || character == ')');
      boolean link =
          character == ':' && text.startsWith("//", i + 1)
              || character == '.' && text.regionMatches(true, i - 3, "www", 0, 3);
      if (atStart || list || link || "\\`*_[]<>|~&$@".indexOf(character) >= 0) escaped.append('\\');
      escaped.append(character);
    }
    return escaped.toString();
  }
}
