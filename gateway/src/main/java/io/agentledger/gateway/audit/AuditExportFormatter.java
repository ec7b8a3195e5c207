package io.agentledger.gateway.audit;

import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.ExportFormat;
import io.agentledger.gateway.support.json.WireJson;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Entries as lines of a file. */
final class AuditExportFormatter {
  private static final List<String> COLUMNS =
      List.of(
          "at",
          "actor",
          "credential",
          "action",
          "resource_kind",
          "resource_id",
          "outcome",
          "count",
          "ip",
          "user_agent",
          "request_id",
          "details",
          "id");

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
    return format == ExportFormat.CSV ? row(COLUMNS.stream()) : "";
  }

  String of(List<AuditView> entries) {
    return entries.stream().map(this::of).collect(Collectors.joining());
  }

  private String of(AuditView entry) {
    return format == ExportFormat.CSV ? csv(entry) : json.text(entry) + "\n";
  }

  private String csv(AuditView entry) {
    var object = json.tree(entry);
    return row(COLUMNS.stream().map(object::path).map(AuditExportFormatter::text));
  }

  private static String text(JsonNode cell) {
    if (cell.isNull()) return "";
    return cell.isObject() ? cell.toString() : cell.asString();
  }

  private static String row(Stream<String> cells) {
    return cells.map(AuditExportFormatter::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  /**
   * Every cell in quotes, quotes in it doubled (RFC 4180). A spreadsheet takes a cell for a formula
   * when it begins with one of {@code = + - @}, a tab or a line break, quotes or not; an apostrophe
   * before it makes it text (OWASP, CSV injection).
   */
  static String cell(String text) {
    if (text.isEmpty()) return "";
    var safe = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20".indexOf(text.charAt(0)) < 0 ? text : "'" + text;
    return '"' + safe.replace("\"", "\"\"") + '"';
  }
}
