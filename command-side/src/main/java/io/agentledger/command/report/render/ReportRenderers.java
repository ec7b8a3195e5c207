package io.agentledger.command.report.render;

import io.agentledger.api.report.ReportFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Factory of renderers. They load their libraries and fonts when the first report of a format is
 * rendered.
 */
public final class ReportRenderers {
  private ReportRenderers() {}

  /**
   * Opens a renderer, which the caller closes.
   *
   * @param out receives the file in order, some of it before {@link ReportRenderer#finish}; never
   *     closed by the renderer, but flushed when the file is complete
   * @param scratch empty folder that nobody else reads or writes. HTML and PDF keep the text of the
   *     report in files there, which {@link ReportRenderer#close} deletes; the caller deletes the
   *     folder.
   */
  public static ReportRenderer open(ReportFormat format, OutputStream out, Path scratch)
      throws IOException {
    return switch (format) {
      case JSON -> new JsonReportRenderer(out);
      case MARKDOWN -> new MarkdownReportRenderer(out);
      case CSV -> new CsvReportRenderer(out);
      case HTML -> new HtmlReportRenderer(out, scratch);
      case PDF -> new PdfReportRenderer(out, scratch);
    };
  }
}
