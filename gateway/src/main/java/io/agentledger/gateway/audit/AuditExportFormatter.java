package io.agentledger.gateway.audit;

import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.ExportFormat;
import io.agentledger.gateway.support.json.WireJson;
import java.util.List;
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
          "last_request_id");

  private final WireJson json;
  private final ExportFormat format;

  AuditExportFormatter(WireJson json, ExportFormat format) {
    this.json = json;
    this.format = format;
  }

  String mediaType() {
    return switch (format) {
      case NDJSON -> "application/x-ndjson";
      case CSV -> "text/csv;charset=UTF-8;header=present";
    };
  }

  String header() {
    return format == ExportFormat.CSV ? joinCells(COLUMNS.stream()) : "";
  }

  String format(List<AuditView> entries) {
    return entries.stream().map(this::format).collect(Collectors.joining());
  }

  private String format(AuditView entry) {
    return format == ExportFormat.CSV ? toCsvRow(entry) : json.toText(entry) + "\n";
  }

  private String toCsvRow(AuditView entry) {
    var object = json.toTree(entry);
    return joinCells(COLUMNS.stream().map(object::path).map(AuditExportFormatter::toText));
  }

  private static String toText(JsonNode cell) {
    if (cell.isNull()) return "";
    return cell.isObject() ? cell.toString() : cell.asString();
  }

  private static String joinCells(Stream<String> cells) {
    return cells.map(AuditExportFormatter::escapeCell).collect(Collectors.joining(",", "", "\r\n"));
  }

  /**
   * Quotes a cell and doubles the quotes in it (RFC 4180). A spreadsheet interprets a cell as a
   * formula if it begins with one of {@code = + - @}, a tab or a line break, even in quotes; a
   * leading apostrophe makes it text (OWASP, CSV injection).
   */
  static String escapeCell(String text) {
    if (text.isEmpty()) return "";
    var neutralized =
        "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20".indexOf(text.charAt(0)) < 0 ? text : "'" + text;
    return '"' + neutralized.replace("\"", "\"\"") + '"';
  }
}
