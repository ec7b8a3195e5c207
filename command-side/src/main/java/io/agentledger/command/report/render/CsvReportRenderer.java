package io.agentledger.command.report.render;

import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Writes the first table of a report as RFC 4180, with a header of column names. Text that a
 * spreadsheet would compute gets an apostrophe in front. A report without a table is an empty file.
 */
final class CsvReportRenderer implements ReportRenderer {
  /** Start of a formula, at the start of a text or after a separator of cells in some regions. */
  private static final Pattern FORMULA =
      Pattern.compile(
          "^[=+\\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
              + "|(?<=[;\t])[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20]");

  private final CSVPrinter csv;
  private boolean hasTable;

  CsvReportRenderer(OutputStream out) throws IOException {
    csv =
        new CSVPrinter(
            new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)),
            CSVFormat.RFC4180);
  }

  @Override
  public void start(ReportHead head) {}

  @Override
  public void section(ReportSection section) throws IOException {
    DisplayText.checkInterrupt();
  }

  @Override
  public void block(ReportBlock block) throws IOException {
    DisplayText.checkInterrupt();
    if (hasTable || !(block instanceof ReportBlock.Table table)) return;
    hasTable = true;
    for (var column : table.columns()) csv.print(harmless(column.name()));
    csv.println();
    for (var row : table.rows()) {
      DisplayText.checkInterrupt();
      for (int i = 0; i < table.columns().size(); i++) csv.print(cell(row.get(i)));
      csv.println();
    }
  }

  @Override
  public void finish() throws IOException {
    DisplayText.checkInterrupt();
    csv.flush();
  }

  @Override
  public void close() {}

  private static String cell(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case String text -> harmless(text);
      case BigDecimal number -> number.toPlainString();
      default -> value.toString();
    };
  }

  private static String harmless(String text) {
    var wellFormed = DisplayText.wellFormed(text).replace('\0', '\uFFFD');
    return FORMULA.matcher(wellFormed).replaceAll("'$0");
  }
}
