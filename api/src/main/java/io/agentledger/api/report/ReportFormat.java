package io.agentledger.api.report;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** File format of a report. */
public enum ReportFormat implements WireNamed {
  /** Document with cover, contents, bookmarks and embedded fonts. */
  PDF("application/pdf", "pdf"),
  /** One page without scripts and without references to other files. */
  HTML("text/html;charset=utf-8", "html"),
  MARKDOWN("text/markdown;charset=utf-8", "md"),
  JSON("application/json", "json"),
  /** The report's table alone, as RFC 4180, safe to open in a spreadsheet. */
  CSV("text/csv;charset=utf-8", "csv");

  private final String mediaType;
  private final String fileExtension;

  ReportFormat(String mediaType, String fileExtension) {
    this.mediaType = mediaType;
    this.fileExtension = fileExtension;
  }

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String mediaType() {
    return mediaType;
  }

  /** Returns the extension without a dot. */
  public String fileExtension() {
    return fileExtension;
  }
}
