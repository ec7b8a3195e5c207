package io.agentledger.command.report.render;

import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PDFontSupplier;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/**
 * Fonts of a PDF report, read from the class path when a character first needs them. The stylesheet
 * names their families in the order in which they are searched for a character.
 */
final class PdfFonts implements Closeable {
  private static final String TEXT = "/fonts/ttf/OpenSans/OpenSans-Regular.ttf";
  private static final String DEJAVU = "/net/sf/jasperreports/fonts/dejavu/";
  private static final int NORMAL = 400;
  private static final int BOLD = 700;

  private final PDDocument document;
  private final Map<String, TrueTypeFont> files = new HashMap<>();
  private final Map<String, PDFont> fonts = new HashMap<>();

  PdfFonts(PDDocument document) {
    this.document = document;
  }

  void register(PdfRendererBuilder builder) {
    use(builder, TEXT, "Text", NORMAL, FontStyle.NORMAL);
    use(builder, "/fonts/ttf/OpenSans/OpenSans-SemiBold.ttf", "Text", BOLD, FontStyle.NORMAL);
    use(builder, "/fonts/ttf/OpenSans/OpenSans-Italic.ttf", "Text", NORMAL, FontStyle.ITALIC);
    use(builder, "/fonts/ttf/OpenSans/OpenSans-SemiBoldItalic.ttf", "Text", BOLD, FontStyle.ITALIC);
    use(builder, DEJAVU + "DejaVuSansMono.ttf", "Code", NORMAL, FontStyle.NORMAL);
    use(builder, DEJAVU + "DejaVuSansMono-Bold.ttf", "Code", BOLD, FontStyle.NORMAL);
    use(builder, DEJAVU + "DejaVuSans.ttf", "Symbols", NORMAL, FontStyle.NORMAL);
    use(builder, "/fonts/ttf/Kurinto/KurintoSans-Rg.ttf", "Scripts", NORMAL, FontStyle.NORMAL);
    use(builder, "/fonts/ttf/NotoSansSC/NotoSansSC-Regular.ttf", "Han", NORMAL, FontStyle.NORMAL);
  }

  private void use(
      PdfRendererBuilder builder, String path, String family, int weight, FontStyle style) {
    builder.useFont(new ResourceFontSupplier(path), family, weight, style, true);
  }

  PDFont text() {
    return font(TEXT);
  }

  private PDFont font(String path) {
    return fonts.computeIfAbsent(path, this::load);
  }

  /** Ligatures are off: the layout does not measure them, and they take a tenth of the time. */
  private PDFont load(String path) {
    try (var data = Objects.requireNonNull(PdfFonts.class.getResourceAsStream(path), path)) {
      var file = new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(data));
      files.put(path, file);
      file.setEnableGsub(false);
      return PDType0Font.load(document, file, true);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  @Override
  public void close() {
    files.values().forEach(IOUtils::closeQuietly);
  }

  /** Supplies a font of the class path to the layout. */
  private final class ResourceFontSupplier extends PDFontSupplier {
    private final String path;

    @SuppressWarnings("NullAway") // Replaced by supply().
    ResourceFontSupplier(String path) {
      super(null);
      this.path = path;
    }

    @Override
    public PDFont supply() {
      return font(path);
    }
  }
}
