package io.agentledger.command.report.render;

import com.ibm.icu.text.BreakIterator;
import com.openhtmltopdf.bidi.support.ICUBidiReorderer;
import com.openhtmltopdf.bidi.support.ICUBidiSplitter;
import com.openhtmltopdf.extend.FSTextBreaker;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.TextDirection;
import com.openhtmltopdf.outputdevice.helper.ExternalResourceControlPriority;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder.PdfAConformance;
import com.openhtmltopdf.util.XRLog;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Lays out XHTML as pages of a PDF document. */
final class PdfLayout {
  private static final Logger log = LoggerFactory.getLogger(PdfLayout.class);

  static {
    XRLog.setLoggingEnabled(false); // Would contain text of reports.
  }

  private static final Pattern SECTION = Pattern.compile("s[0-9]+");
  private static final String IMAGE = "data:image/png;base64,";

  private final PDDocument document;
  private final PdfFonts fonts;

  PdfLayout(PDDocument document, PdfFonts fonts) {
    this.document = document;
    this.fonts = fonts;
  }

  /**
   * Start of a section.
   *
   * @param section number of the section in the report
   * @param page from 0, in this part
   * @param top distance from the lower edge of the page, in points
   */
  record Position(int section, int page, float top) {}

  /**
   * Pages of one document of XHTML.
   *
   * @param sections where the sections of these pages begin, in order
   */
  record Part(List<PDPage> pages, List<Position> sections) {}

  /** Returns the number of pages that the text needs, without adding them. */
  int countPages(String xhtml) throws IOException {
    var builder = new PdfRendererBuilder();
    configure(builder, false);
    builder.withW3cDocument(parse(xhtml), null);
    try (var renderer = builder.buildPdfRenderer()) {
      renderer.layout();
      return renderer.getRootBox().getLayer().getPages().size();
    }
  }

  /**
   * Adds the pages of a document of XHTML. Only images that it contains are read. Content on which
   * the layout fails is rendered as plain text: a report is better than none.
   *
   * @param next page before which the pages are inserted; null to append them
   * @param tagged whether the catalog receives a structure tree for these pages
   */
  Part addPages(String xhtml, @Nullable PDPage next, boolean tagged) throws IOException {
    DisplayText.checkInterrupt();
    var xml = parse(xhtml);
    var pages = new ArrayList<PDPage>();
    try {
      return addPages(xml, pages, next, tagged);
    } catch (RuntimeException e) {
      rethrowInterrupt(e);
      log.atWarn()
          .addKeyValue("error", e.getClass().getName())
          .addKeyValue("at", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0])
          .log("part of a report is rendered as plain text");
    }
    pages.forEach(document::removePage);
    pages.clear();
    document.getDocumentCatalog().setStructureTreeRoot(null);
    PlainDocument.simplify(xml);
    try {
      return addPages(xml, pages, next, tagged);
    } catch (RuntimeException e) {
      rethrowInterrupt(e);
      throw e;
    }
  }

  private static void rethrowInterrupt(RuntimeException e) throws InterruptedIOException {
    for (Throwable cause = e; cause != null; cause = cause.getCause())
      if (cause instanceof InterruptedIOException interrupt) throw interrupt;
  }

  private Part addPages(Document xml, List<PDPage> pages, @Nullable PDPage next, boolean tagged)
      throws IOException {
    var builder = new PdfRendererBuilder();
    configure(builder, tagged);
    builder.withW3cDocument(xml, null);
    builder.usePageSupplier(
        (_, width, height, _, _) -> {
          check();
          var page = new PDPage(new PDRectangle(width, height));
          if (next == null) document.addPage(page);
          else document.getPages().insertBefore(page, next);
          pages.add(page);
          return page;
        });
    try (var renderer = builder.buildPdfRenderer()) {
      renderer.createPDFWithoutClosing();
      var sections = new ArrayList<Position>();
      for (var position : renderer.findPagePositionsByID(SECTION))
        sections.add(
            new Position(
                Integer.parseInt(position.getId().substring(1)),
                position.getPageNo(),
                position.getY() + position.getHeight()));
      sections.sort(Comparator.comparingInt(Position::section));
      return new Part(List.copyOf(pages), List.copyOf(sections));
    }
  }

  private void configure(PdfRendererBuilder builder, boolean tagged) {
    builder.usePDDocument(document);
    fonts.register(builder);
    builder.useFastMode();
    builder.usePdfAConformance(tagged ? PdfAConformance.PDFA_2_A : PdfAConformance.PDFA_2_B);
    builder.usePdfUaAccessibility(tagged);
    builder.useReplacementText("\uFFFD");
    builder.useUnicodeBidiSplitter(new ICUBidiSplitter.ICUBidiSplitterFactory());
    builder.useUnicodeBidiReorderer(new ICUBidiReorderer());
    builder.defaultTextDirection(TextDirection.LTR);
    builder.useUnicodeLineBreaker(
        new InterruptibleBreaker(BreakIterator.getLineInstance(Locale.ROOT)));
    builder.useUnicodeCharacterBreaker(
        new InterruptibleBreaker(BreakIterator.getCharacterInstance(Locale.ROOT)));
    builder.useUriResolver((_, uri) -> uri.startsWith(IMAGE) || uri.startsWith("#") ? uri : null);
    for (var priority : ExternalResourceControlPriority.values())
      builder.useExternalResourceAccessControl((uri, _) -> uri.startsWith(IMAGE), priority);
    builder.withDiagnosticConsumer(_ -> check());
  }

  private static Document parse(String xhtml) throws IOException {
    try {
      var factory = DocumentBuilderFactory.newDefaultNSInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xhtml)));
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check() {
    try {
      DisplayText.checkInterrupt();
    } catch (InterruptedIOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Finds where lines may break, and lets an interrupt end the layout. */
  private record InterruptibleBreaker(BreakIterator breaks) implements FSTextBreaker {
    @Override
    public int next() {
      return breaks.next();
    }

    @Override
    public void setText(String text) {
      check();
      breaks.setText(text);
    }
  }
}
