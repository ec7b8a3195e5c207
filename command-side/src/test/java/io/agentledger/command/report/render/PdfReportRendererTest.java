package io.agentledger.command.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.report.ReportFormat;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportSection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionGoTo;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionURI;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationLink;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineNode;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

class PdfReportRendererTest {
  private static final int CHAPTERS = 13;

  @TempDir Path scratch;

  @Test
  void hostileReportIsValidAndReadable() throws Exception {
    var bytes = HostileReport.render(ReportFormat.PDF, scratch);

    assertThat(scratch).isEmptyDirectory();
    assertValid(bytes, PDFAFlavour.PDFA_2_A);
    try (var pdf = Loader.loadPDF(bytes)) {
      var text = new PDFTextStripper().getText(pdf);
      assertThat(text)
          .contains(HostileReport.SCRIPT, "# no heading", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf")
          .contains("=1+1", HostileReport.CHINESE, HostileReport.EMOJI, HostileReport.HEBREW)
          .contains(
              "Image: broken (not shown", "Image: bomb (not shown", "Image: vector (not shown")
          .contains("Image: tracking", "nested fence", "exit 1 ");
      assertThat(text.chars().filter(c -> c == 'x').count()).isGreaterThan(10_000);
      assertThat(titles(pdf.getDocumentCatalog().getDocumentOutline()))
          .containsExactly(
              "Summary " + HostileReport.SCRIPT,
              "Images ](x) | `a` # second line",
              "Conversation",
              HostileReport.HEBREW + " " + HostileReport.ARABIC + " " + HostileReport.CHINESE);
      assertThat(pdf.getDocumentInformation().getTitle()).contains(HostileReport.SUBJECT);
      assertThat(pdf.getDocumentInformation().getAuthor()).isEqualTo("Agentledger");
      assertThat(pdf.getDocumentInformation().getCreationDate().toInstant())
          .isEqualTo(HostileReport.TIME);
      assertFontsAreEmbedded(pdf);
      assertThat(addresses(pdf)).containsExactly("https://example.org/a?b=c");
      assertThat(pageText(pdf, 1)).doesNotContain("Page 1");
      assertThat(pageText(pdf, 2)).contains("Page 2 of " + pdf.getNumberOfPages());
    }
  }

  @Test
  void brandedReportIsValidAndHasItsFooterOnEachPage() throws Exception {
    var out = new ByteArrayOutputStream();
    try (var renderer = ReportRenderers.open(ReportFormat.PDF, out, scratch)) {
      renderer.start(HostileReport.head(HostileReport.branding()));
      for (int i = 1; i <= 3; i++) {
        renderer.section(new ReportSection(1, "Chapter " + i));
        renderer.block(new ReportBlock.Code("", lines(i)));
      }
      renderer.finish();
    }

    assertValid(out.toByteArray(), PDFAFlavour.PDFA_2_A);
    try (var pdf = Loader.loadPDF(out.toByteArray())) {
      for (int page = 1; page <= pdf.getNumberOfPages(); page++)
        assertThat(pageText(pdf, page)).contains("Internal <svg");
      assertThat(pageText(pdf, 1)).contains("Acme " + HostileReport.SCRIPT);
      assertThat(pageText(pdf, 2)).contains("Acme " + HostileReport.SCRIPT + " ·", "Page 2 of");
      assertThat(pdf.getPage(0).getResources().getXObjectNames()).isNotEmpty();
    }
  }

  /** openhtmltopdf fails on a bullet from right to left beside a nested list. */
  @Test
  void contentThatCannotBeLaidOutIsPlainText() throws Exception {
    var out = new ByteArrayOutputStream();
    try (var pdf = new PDDocument();
        var fonts = new PdfFonts(pdf)) {
      var part =
          new PdfLayout(pdf, fonts)
              .addPages(
                  "<html><head><title>x</title>"
                      + "<style>body, pre { font-family: Text }</style></head>"
                      + "<body><h1 id='s1'>Heading</h1>"
                      + "<ul dir='rtl'><li><ul><li>an <em>item</em></li></ul></li></ul>"
                      + "</body></html>",
                  null,
                  true);

      assertThat(part.sections()).extracting(PdfLayout.Position::section).containsExactly(1);
      assertThat(part.pages()).hasSize(1).containsExactlyElementsOf(pdf.getPages());
      pdf.save(out);
    }
    try (var pdf = Loader.loadPDF(out.toByteArray())) {
      assertThat(pageText(pdf, 1)).contains("Heading", "an item");
    }
  }

  @Test
  void veryLongReportIsValidWithoutTags() throws Exception {
    var out = new ByteArrayOutputStream();
    try (var renderer = new PdfReportRenderer(out, scratch, 0)) {
      HostileReport.write(renderer);
    }

    assertValid(out.toByteArray(), PDFAFlavour.PDFA_2_B);
    try (var pdf = Loader.loadPDF(out.toByteArray())) {
      assertThat(pdf.getNumberOfPages()).isGreaterThan(5);
      assertThat(pdf.getDocumentCatalog().getStructureTreeRoot()).isNull();
    }
  }

  /** 120 pages are several parts, in a table and between messages, within the heap of the tests. */
  @Test
  void longReportHasContinuousPagesAndOneTableOfContents() throws Exception {
    var file = scratch.resolve("report");
    var parts = Files.createDirectory(scratch.resolve("parts"));
    try (var out = Files.newOutputStream(file);
        var renderer = ReportRenderers.open(ReportFormat.PDF, out, parts)) {
      renderer.start(HostileReport.head());
      for (int i = 1; i <= CHAPTERS; i++) {
        renderer.section(new ReportSection(1, "Chapter " + i));
        renderer.block(new ReportBlock.Table(HostileReport.columns(), rows(i)));
        renderer.section(new ReportSection(2, "Message " + i));
        renderer.block(
            new ReportBlock.MessageCard(
                "user", "Ada", HostileReport.TIME, List.of(new ReportBlock.Code("", lines(i)))));
      }
      renderer.finish();
    }

    assertThat(parts).isEmptyDirectory();
    try (var pdf = Loader.loadPDF(file.toFile())) {
      int pages = pdf.getNumberOfPages();
      assertThat(pages).isGreaterThan(120);
      assertThat(titles(pdf.getDocumentCatalog().getDocumentOutline())).hasSize(2 * CHAPTERS);
      assertThat(pdf.getDocumentCatalog().getStructureTreeRoot().getK())
          .as("one element for the whole document")
          .isInstanceOf(COSDictionary.class);
      var contents = pageText(pdf, 2) + pageText(pdf, 3);
      for (var page = 2; page <= pages; page += 10)
        assertThat(pageText(pdf, page)).contains("Page " + page + " of " + pages);
      for (int i = 1; i <= CHAPTERS; i++) {
        int page = pageOf(pdf, "Chapter " + i);
        assertThat(contents).containsPattern("Chapter " + i + "\\s+" + page + "\\s");
        assertThat(pageText(pdf, page)).contains("Chapter " + i);
      }
      var links = new ArrayList<>(pdf.getPage(1).getAnnotations());
      links.addAll(pdf.getPage(2).getAnnotations());
      assertThat(links)
          .hasSizeGreaterThanOrEqualTo(2 * CHAPTERS)
          .allSatisfy(
              link ->
                  assertThat(((PDAnnotationLink) link).getAction())
                      .isInstanceOf(PDActionGoTo.class));
      var text = new PDFTextStripper().getText(pdf);
      assertThat(text).contains("row 7-0 ", "row 7-159 ", "line 13-279");
      assertThat(text.lines().filter(line -> line.matches("row \\d+-\\d+ .*")).count())
          .isEqualTo(CHAPTERS * 160);
    }
    assertValid(Files.readAllBytes(file), PDFAFlavour.PDFA_2_A);
  }

  @Test
  void interruptEndsTheLayoutOfAPart() throws Exception {
    var text = "Some *words* of a long, long text.\n\n".repeat(20_000);
    try (var renderer =
        ReportRenderers.open(ReportFormat.PDF, OutputStream.nullOutputStream(), scratch)) {
      renderer.start(HostileReport.head());
      var result =
          new FutureTask<Throwable>(
              () -> {
                try {
                  renderer.block(new ReportBlock.Markdown(text));
                  renderer.finish();
                  return new AssertionError("rendered");
                } catch (Throwable e) {
                  return e;
                }
              });
      var thread = new Thread(result);
      thread.start();
      while (bytes(scratch) < 1 << 20) Thread.sleep(5);
      long before = System.nanoTime();
      thread.interrupt();
      assertThat(result.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
      assertThat(System.nanoTime() - before).isLessThan(1_500_000_000L);
    }
    assertThat(scratch).isEmptyDirectory();
  }

  private static long bytes(Path folder) {
    return Arrays.stream(Objects.requireNonNull(folder.toFile().listFiles()))
        .mapToLong(File::length)
        .sum();
  }

  private static Iterable<List<Object>> rows(int chapter) {
    return () ->
        IntStream.range(0, 160)
            .mapToObj(i -> List.<Object>of("row " + chapter + "-" + i + " ", "text", i))
            .iterator();
  }

  private static String lines(int chapter) {
    return String.join(
        "\n", IntStream.range(0, 280).mapToObj(i -> "line " + chapter + "-" + i).toList());
  }

  private static void assertValid(byte[] bytes, PDFAFlavour flavour) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    var foundry = Foundries.defaultInstance();
    try (var parser = foundry.createParser(new ByteArrayInputStream(bytes), flavour);
        var validator = foundry.createValidator(flavour, false)) {
      assertThat(validator.validate(parser).getTestAssertions()).isEmpty();
    }
  }

  private static void assertFontsAreEmbedded(PDDocument pdf) throws IOException {
    int fonts = 0;
    for (var page : pdf.getPages())
      for (var name : page.getResources().getFontNames()) {
        assertThat(page.getResources().getFont(name).isEmbedded()).isTrue();
        fonts++;
      }
    assertThat(fonts).isPositive();
  }

  private static List<String> addresses(PDDocument pdf) throws IOException {
    var addresses = new ArrayList<String>();
    for (var page : pdf.getPages())
      for (var annotation : page.getAnnotations())
        if (annotation instanceof PDAnnotationLink link
            && link.getAction() instanceof PDActionURI action) addresses.add(action.getURI());
    return addresses;
  }

  private static List<String> titles(PDOutlineNode node) {
    var titles = new ArrayList<String>();
    for (var item : node.children()) {
      titles.add(item.getTitle());
      titles.addAll(titles(item));
    }
    return titles;
  }

  private static int pageOf(PDDocument pdf, String title) throws IOException {
    for (PDOutlineItem item : pdf.getDocumentCatalog().getDocumentOutline().children())
      if (item.getTitle().equals(title))
        return ((PDPageDestination) item.getDestination()).retrievePageNumber() + 1;
    throw new AssertionError(title);
  }

  private static String pageText(PDDocument pdf, int page) throws IOException {
    var stripper = new PDFTextStripper();
    stripper.setStartPage(page);
    stripper.setEndPage(page);
    return stripper.getText(pdf);
  }
}
