package io.agentledger.command.report.render;

import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a report as one HTML page without scripts and without references to other resources, which
 * its content security policy refuses, too. The sections wait in a file until the table of contents
 * before them is known.
 */
final class HtmlReportRenderer implements ReportRenderer {
  /** Sections in the table of contents; further ones are in the page only. */
  private static final int CONTENTS = 2_000;

  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private final OutputStream out;
  private final Path bodyFile;
  private final Writer body;
  private final XhtmlWriter bodyXhtml;
  private final List<ReportSection> contents = new ArrayList<>();
  private int sections;
  private @Nullable ReportHead head;
  private @Nullable XhtmlBlocks blocks;

  HtmlReportRenderer(OutputStream out, Path scratch) throws IOException {
    this.out = out;
    bodyFile = scratch.resolve("body.html");
    body = Files.newBufferedWriter(bodyFile, StandardCharsets.UTF_8);
    bodyXhtml = new XhtmlWriter(body);
  }

  @Override
  public void start(ReportHead head) {
    this.head = head;
    blocks = new XhtmlBlocks(bodyXhtml, head.zone(), false);
  }

  @Override
  public void section(ReportSection section) throws IOException {
    DisplayText.checkInterrupt();
    if (contents.size() < CONTENTS) contents.add(section);
    bodyXhtml.element(
        "h" + (section.level() + 1),
        DisplayText.singleLine(section.title()),
        "id",
        "s" + ++sections,
        "dir",
        "auto");
  }

  @Override
  public void block(ReportBlock block) throws IOException {
    Objects.requireNonNull(blocks).write(block);
  }

  @Override
  public void finish() throws IOException {
    DisplayText.checkInterrupt();
    bodyXhtml.flush();
    body.close();
    var writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    var page = new XhtmlWriter(writer);
    writePage(page, Objects.requireNonNull(head));
    page.flush();
    writer.flush();
  }

  @Override
  public void close() throws IOException {
    try {
      body.close();
    } finally {
      Files.deleteIfExists(bodyFile);
    }
  }

  private void writePage(XhtmlWriter page, ReportHead head) throws IOException {
    page.xhtml("<!DOCTYPE html>\n");
    page.open("html", "lang", "en");
    page.open("head");
    page.emptyElement("meta", "charset", "utf-8");
    page.emptyElement("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    page.emptyElement("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.emptyElement("meta", "name", "referrer", "content", "no-referrer");
    page.emptyElement("meta", "name", "generator", "content", "Agentledger");
    page.element("title", DisplayText.singleLine(head.title() + " – " + head.subject()));
    page.open("style");
    page.xhtml(Stylesheet.read("screen.css") + Stylesheet.screenRules(head.branding()));
    page.close();
    page.close();
    page.open("body");
    new XhtmlBlocks(page, head.zone(), false).writeCover(head);
    writeContents(page);
    page.open("main");
    copyBody(page);
    page.close();
    var footer = DisplayText.singleLine(head.branding().footer());
    if (!footer.isEmpty()) page.element("footer", footer, "dir", "auto");
    page.close();
    page.close();
  }

  private void writeContents(XhtmlWriter page) throws IOException {
    if (contents.isEmpty()) return;
    page.open("nav", "aria-label", "Contents");
    page.element("p", "Contents", "class", "title");
    page.open("ul");
    for (int i = 0; i < contents.size(); i++) {
      page.open("li", "class", "l" + contents.get(i).level());
      page.element(
          "a",
          DisplayText.singleLine(contents.get(i).title()),
          "href",
          "#s" + (i + 1),
          "dir",
          "auto");
      page.close();
    }
    if (sections > contents.size())
      page.element("li", "and " + (sections - contents.size()) + " more");
    page.close();
    page.close();
  }

  private void copyBody(XhtmlWriter page) throws IOException {
    var buffer = new char[64 * 1024];
    try (var reader = Files.newBufferedReader(bodyFile, StandardCharsets.UTF_8)) {
      for (int read; (read = reader.read(buffer)) >= 0; ) {
        DisplayText.checkInterrupt();
        page.xhtml(new String(buffer, 0, read));
      }
    }
  }
}
