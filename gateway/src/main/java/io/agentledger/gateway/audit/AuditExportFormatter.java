package io.agentledger.gateway.audit;

import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.ExportFormat;
import io.agentledger.gateway.support.json.WireJson;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Formats audit entries as lines of a file. */
final class AuditExportFormatter {
  private static final List<String> COLUMNS =
      List.of(
          "at",
          "actor",
          "credential_id",
          "action",
          "resource_type",
          "resource_id",
          "outcome",
          "count",
          "ip",
          "user_agent",
          "request_id",
          "details",
          "id",
          "last_request_id",
          "changes",
          "changes_omitted");

  /** Characters after which a chunk ends: connections buffer up to 128 chunks of a response. */
  private static final int CHUNK_LENGTH = 32 * 1024;

  /** Start of a formula, at the start of a text or after a separator of cells. */
  private static final Pattern FORMULA =
      Pattern.compile(
          "^[=+\\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
              + "|(?<=[;\t])[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20]");

  private final WireJson json;
  private final ExportFormat format;
  private final OcsfMapper ocsfMapper;

  AuditExportFormatter(WireJson json, ExportFormat format) {
    this.json = json;
    this.format = format;
    this.ocsfMapper = new OcsfMapper(json);
  }

  String mediaType() {
    return switch (format) {
      case NDJSON, OCSF -> "application/x-ndjson";
      case CSV -> "text/csv;charset=UTF-8;header=present";
    };
  }

  String fileName() {
    return format == ExportFormat.OCSF ? "audit.ocsf.ndjson" : "audit." + format.wireName();
  }

  String header() {
    return format == ExportFormat.CSV ? joinCells(COLUMNS.stream()) : "";
  }

  /** Returns the lines of the entries in chunks of similar length. */
  List<String> format(List<AuditView> entries) {
    var chunks = new ArrayList<String>();
    var chunk = new StringBuilder();
    for (var entry : entries) {
      chunk.append(format(entry));
      if (chunk.length() < CHUNK_LENGTH) continue;
      chunks.add(chunk.toString());
      chunk.setLength(0);
    }
    if (!chunk.isEmpty()) chunks.add(chunk.toString());
    return chunks;
  }

  private String format(AuditView entry) {
    return switch (format) {
      case NDJSON -> json.toText(entry) + "\n";
      case CSV -> toCsvRow(entry);
      case OCSF -> ocsfMapper.toEvent(entry) + "\n";
    };
  }

  private String toCsvRow(AuditView entry) {
    var object = json.toTree(entry);
    return joinCells(COLUMNS.stream().map(object::path).map(AuditExportFormatter::toText));
  }

  private static String toText(JsonNode cell) {
    if (cell.isNull()) return "";
    return cell.isContainer() ? cell.toString() : cell.asString();
  }

  private static String joinCells(Stream<String> cells) {
    return cells.map(AuditExportFormatter::escapeCell).collect(Collectors.joining(",", "", "\r\n"));
  }

  /**
   * Quotes a cell and doubles the quotes in it (RFC 4180). A spreadsheet interprets a cell as a
   * formula if it begins with one of {@code = + - @}, a tab or a line break, even in quotes; an
   * apostrophe before it makes it text (OWASP, CSV injection). Spreadsheets of some regions begin a
   * cell after each semicolon or tab, too, because they ignore quotes after a comma.
   */
  static String escapeCell(String text) {
    if (text.isEmpty()) return "";
    var neutralized = FORMULA.matcher(text).replaceAll("'$0");
    return '"' + neutralized.replace("\"", "\"\"") + '"';
  }
}
