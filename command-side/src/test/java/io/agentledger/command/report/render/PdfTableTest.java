package io.agentledger.command.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.report.ReportFormat;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportBlock.Column;
import io.agentledger.command.report.document.ReportSection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with as many columns as those of the audit. */
class PdfTableTest {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("at", "Time", false),
          new Column("actor", "Actor", false),
          new Column("name", "Name", false),
          new Column("action", "Action", false),
          new Column("resource_type", "Type", false),
          new Column("resource_id", "Id", false),
          new Column("outcome", "Outcome", false),
          new Column("count", "Count", true),
          Column.secondary("ip", "Address"),
          Column.secondary("details", "Details"));

  @TempDir Path scratch;

  private static List<Object> row(int i) {
    return Arrays.asList(
        HostileReport.TIME.plusSeconds(i),
        "user:usr_7k2m9pq4xw",
        "Ada Lovelace",
        i % 2 == 0 ? "SessionOpened" : "ReportTemplateChanged",
        "session",
        "ses_7k2m9pq4xw",
        i % 3 == 0 ? "denied" : "succeeded",
        1L,
        "192.0.2." + i,
        "entry" + i + " " + "reason and more words ".repeat(i % 7) + "end" + i + ".");
  }

  private byte[] render() throws IOException {
    var out = new ByteArrayOutputStream();
    try (var renderer = ReportRenderers.open(ReportFormat.PDF, out, scratch)) {
      renderer.start(HostileReport.head(HostileReport.branding()));
      for (int section = 0; section < 12; section++) {
        renderer.section(new ReportSection(1, "Section" + section));
        int from = section * 7;
        renderer.block(
            new ReportBlock.Table(
                COLUMNS,
                IntStream.range(from, from + 5 + section % 4)
                    .mapToObj(PdfTableTest::row)
                    .toList()));
      }
      renderer.finish();
    }
    return out.toByteArray();
  }

  @Test
  void wordsAndTimesAreWholeAndEntriesAndHeadingsAreKeptTogether() throws IOException {
    var bytes = render();
    Files.write(Path.of("target", "table.pdf"), bytes); // To be looked at.
    try (var pdf = Loader.loadPDF(bytes)) {
      var stripper = new PDFTextStripper();
      stripper.setSortByPosition(true);
      var all = stripper.getText(pdf);
      assertThat(all).contains("Outcome", "succeeded", "Lovelace", "session", "Count");
      assertThat(all.split("Outcome", -1)).hasSizeGreaterThan(12);
      assertThat(all).doesNotContainPattern("Outcom\\s*\\ne").doesNotContainPattern("\\d\\d:\\n");
      for (int page = 3; page <= pdf.getNumberOfPages(); page++) {
        var text = text(pdf, page);
        if (!text.contains("Address: ")) continue;
        assertThat(text).contains("Outcome");
        var lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        // The details of an entry follow its own row, never the head of a page.
        int firstDetails = text.indexOf("Address: ");
        assertThat(text.substring(0, firstDetails)).as(text).contains("usr_");
        assertThat(text.lastIndexOf("Section")).as(text).isLessThan(text.lastIndexOf("Address: "));
        assertThat(lines).as(text).isNotEmpty();
      }
    }
  }

  /** How much precedes the heading decides whether it and its table move to the next page. */
  @ParameterizedTest
  @ValueSource(ints = {22, 26, 30, 34})
  void headsOfTablesAreRepeatedWhereverTheTableBegins(int lines) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var renderer = ReportRenderers.open(ReportFormat.PDF, out, scratch)) {
      renderer.start(HostileReport.head());
      renderer.section(new ReportSection(1, "About"));
      renderer.block(new ReportBlock.PlainText("line\n".repeat(lines)));
      renderer.section(new ReportSection(1, "Access and changes: SOC 2 CC6, ISO/IEC 27001 A.8.15"));
      renderer.block(
          new ReportBlock.Table(
              COLUMNS, IntStream.range(0, 40).mapToObj(PdfTableTest::row).toList()));
      renderer.finish();
    }
    try (var pdf = Loader.loadPDF(out.toByteArray())) {
      assertThat(text(pdf, 3) + text(pdf, 4)).contains("A.8.15");
      for (int page = 3; page <= pdf.getNumberOfPages(); page++) {
        var text = text(pdf, page);
        assertThat(text.contains("Outcome")).as(text).isEqualTo(text.contains("Address: "));
      }
    }
  }

  private static String text(PDDocument pdf, int page) throws IOException {
    var stripper = new PDFTextStripper();
    stripper.setSortByPosition(true);
    stripper.setStartPage(page);
    stripper.setEndPage(page);
    return stripper.getText(pdf);
  }
}
