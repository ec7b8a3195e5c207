package io.agentledger.api.report;

import java.util.List;

/**
 * Texts and sections of the reports of a type.
 *
 * @param introduction Markdown with Mustache tags, before the sections; empty: none
 * @param closing the same, after the sections; empty: none
 * @param sections of {@link ReportType#sections}, in their order; empty: all of the type
 */
public record ReportTemplateDefinition(
    ReportType type, String introduction, String closing, List<String> sections) {
  /** Maximum length of each text. */
  public static final int TEXT_LENGTH_MAX = 10_000;

  public ReportTemplateDefinition {
    sections = List.copyOf(sections);
  }
}
