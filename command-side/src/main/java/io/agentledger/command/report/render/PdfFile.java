package io.agentledger.command.report.render;

import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.transform.TransformerException;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.PageMode;
import org.apache.pdfbox.pdmodel.common.PDMetadata;
import org.apache.pdfbox.pdmodel.graphics.color.PDOutputIntent;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionGoTo;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionURI;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationLink;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageXYZDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.pdmodel.interactive.viewerpreferences.PDViewerPreferences;
import org.apache.xmpbox.XMPMetadata;
import org.apache.xmpbox.type.BadFieldValueException;
import org.apache.xmpbox.xml.XmpSerializer;
import org.jspecify.annotations.Nullable;

/**
 * PDF document of a report that is laid out part by part. Its streams are in a file, so that the
 * heap holds little more than one part.
 */
final class PdfFile implements Closeable {
  private static final String AUTHOR = "Agentledger";
  private static final String LINK = "section:";
  private static final float MARGIN = 56.7f;
  private static final float FOOTER = 30.9f; // The line of the footer in print.css.
  private static final float FOOTER_SIZE = 8;

  private final ReportHead head;
  private final PDDocument document;
  private final PdfFonts fonts;
  private final PdfLayout layout;
  private final List<PDPage> pages = new ArrayList<>();
  private final Map<Integer, PDPageXYZDestination> destinations = new HashMap<>();
  private final Map<Integer, Integer> pageNumbers = new HashMap<>();
  private final @Nullable PdfTags tags;

  /**
   * @param scratch folder for the streams of the document
   * @param tagged whether the document has tags; without them it conforms to a lower level of PDF/A
   */
  PdfFile(ReportHead head, Path scratch, boolean tagged) {
    this.head = head;
    var memory = MemoryUsageSetting.setupTempFileOnly().setTempDir(scratch.toFile());
    document = new PDDocument(memory.streamCache);
    fonts = new PdfFonts(document);
    layout = new PdfLayout(document, fonts);
    tags = tagged ? new PdfTags(document) : null;
  }

  /** Returns the address by which the contents refer to a section. */
  static String link(int section) {
    return LINK + section;
  }

  /** Adds a part. */
  void append(String xhtml) throws IOException {
    var part = layout.addPages(xhtml, null, tags != null);
    for (var position : part.sections()) {
      var destination = new PDPageXYZDestination();
      destination.setPage(part.pages().get(position.page()));
      destination.setTop(Math.round(position.top()));
      destinations.put(position.section(), destination);
      pageNumbers.put(position.section(), pages.size() + position.page() + 1);
    }
    pages.addAll(part.pages());
    if (tags != null) tags.collect(part.pages(), false);
  }

  /** Returns the page on which a section starts, without those of {@link #prepend}; or 0. */
  int pageNumber(int section) {
    return pageNumbers.getOrDefault(section, 0);
  }

  /** Returns the number of pages that {@link #prepend} would add. */
  int countPages(String xhtml) throws IOException {
    return layout.countPages(xhtml);
  }

  /** Adds cover and contents before the other pages. */
  void prepend(String xhtml) throws IOException {
    var front = layout.addPages(xhtml, pages.getFirst(), tags != null).pages();
    if (tags != null) tags.collect(front, true);
    resolveLinks(front);
  }

  /** Completes the document and writes it. */
  void write(List<ReportSection> sections, OutputStream out) throws IOException {
    addBookmarks(sections);
    addPageNumbers();
    addMetadata(tags != null);
    if (tags != null) tags.finish();
    document.save(new UnclosedOutputStream(out));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    try (document) {
      fonts.close();
    }
  }

  private void addBookmarks(List<ReportSection> sections) {
    var outline = new PDDocumentOutline();
    var ancestors = new ArrayDeque<Bookmark>();
    for (int i = 1; i <= sections.size(); i++) {
      var destination = destinations.get(i);
      if (destination == null) continue;
      var section = sections.get(i - 1);
      var item = new PDOutlineItem();
      item.setTitle(DisplayText.singleLine(section.title()));
      item.setDestination(destination);
      while (!ancestors.isEmpty() && ancestors.peek().level() >= section.level()) ancestors.pop();
      (ancestors.isEmpty() ? outline : ancestors.peek().item()).addLast(item);
      ancestors.push(new Bookmark(section.level(), item));
    }
    document.getDocumentCatalog().setDocumentOutline(outline);
    if (!sections.isEmpty()) document.getDocumentCatalog().setPageMode(PageMode.USE_OUTLINES);
  }

  private void resolveLinks(List<PDPage> front) throws IOException {
    for (var page : front)
      for (var annotation : page.getAnnotations())
        if (annotation instanceof PDAnnotationLink link
            && link.getAction() instanceof PDActionURI action
            && action.getURI().startsWith(LINK)) {
          var goTo = new PDActionGoTo();
          goTo.setDestination(
              destinations.get(Integer.parseInt(action.getURI().substring(LINK.length()))));
          link.setAction(goTo);
        }
  }

  private void addPageNumbers() throws IOException {
    var font = fonts.text();
    int count = document.getNumberOfPages();
    int number = 0;
    for (var page : document.getPages()) {
      DisplayText.checkInterrupt();
      if (++number == 1) continue;
      var text = "Page " + number + " of " + count;
      float width = font.getStringWidth(text) / 1000 * FOOTER_SIZE;
      try (var content = new PDPageContentStream(document, page, AppendMode.APPEND, true, true)) {
        content.beginMarkedContent(COSName.ARTIFACT);
        content.beginText();
        content.setNonStrokingColor(0.36f, 0.4f, 0.47f);
        content.setFont(font, FOOTER_SIZE);
        content.newLineAtOffset(page.getMediaBox().getWidth() - MARGIN - width, FOOTER);
        content.showText(text);
        content.endText();
        content.endMarkedContent();
      }
    }
  }

  private void addMetadata(boolean tagged) throws IOException {
    var title = DisplayText.singleLine(head.title() + " – " + head.subject());
    var created = GregorianCalendar.from(ZonedDateTime.ofInstant(head.createdAt(), head.zone()));
    created.set(Calendar.MILLISECOND, 0);
    var information = new PDDocumentInformation();
    information.setTitle(title);
    information.setAuthor(AUTHOR);
    information.setCreator(AUTHOR);
    information.setProducer(AUTHOR);
    information.setCreationDate(created);
    information.setModificationDate(created);
    document.setDocumentInformation(information);
    document.setVersion(1.7f);
    var catalog = document.getDocumentCatalog();
    catalog.setLanguage("en");
    var preferences = new PDViewerPreferences(new COSDictionary());
    preferences.setDisplayDocTitle(true);
    catalog.setViewerPreferences(preferences);
    var intent =
        new PDOutputIntent(
            document,
            new ByteArrayInputStream(ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData()));
    intent.setInfo("sRGB IEC61966-2.1");
    intent.setOutputCondition("sRGB IEC61966-2.1");
    intent.setOutputConditionIdentifier("sRGB IEC61966-2.1");
    intent.setRegistryName("http://www.color.org");
    catalog.setOutputIntents(List.of(intent));
    var metadata = new PDMetadata(document);
    metadata.importXMPMetadata(xmp(title, created, tagged ? "A" : "B"));
    catalog.setMetadata(metadata);
  }

  private static byte[] xmp(String title, Calendar created, String conformance) throws IOException {
    try {
      var xmp = XMPMetadata.createXMPMetadata();
      var identification = xmp.createAndAddPDFAIdentificationSchema();
      identification.setPart(2);
      identification.setConformance(conformance);
      var core = xmp.createAndAddDublinCoreSchema();
      core.setTitle(title);
      core.addCreator(AUTHOR);
      core.setFormat("application/pdf");
      var basic = xmp.createAndAddXMPBasicSchema();
      basic.setCreateDate(created);
      basic.setModifyDate(created);
      basic.setCreatorTool(AUTHOR);
      xmp.createAndAddAdobePDFSchema().setProducer(AUTHOR);
      var bytes = new ByteArrayOutputStream();
      new XmpSerializer().serialize(xmp, bytes, true);
      return bytes.toByteArray();
    } catch (BadFieldValueException | TransformerException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bookmark that may have bookmarks below. */
  private record Bookmark(int level, PDOutlineItem item) {}

  /** Output of PDFBox, which closes what it writes to, and which an interrupt ends. */
  private static final class UnclosedOutputStream extends OutputStream {
    private final OutputStream out;

    UnclosedOutputStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      DisplayText.checkInterrupt();
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
