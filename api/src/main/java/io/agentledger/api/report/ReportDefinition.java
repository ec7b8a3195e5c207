package io.agentledger.api.report;

import io.agentledger.api.shared.Id;
import java.time.LocalDate;
import java.util.List;

/**
 * Definition of a report: its subject, format and time zone.
 *
 * @param timeZone name of the IANA database; readers see times in it
 * @param template version of the template that it is made with; empty: none
 */
public record ReportDefinition(
    ReportSubject subject, ReportFormat format, String timeZone, List<ReportTemplateRef> template) {
  public ReportDefinition {
    template = List.copyOf(template);
  }

  public ReportDefinition(ReportSubject subject, ReportFormat format, String timeZone) {
    this(subject, format, timeZone, List.of());
  }

  /** Returns the same definition with other days, if its type has a period. */
  ReportDefinition withPeriod(LocalDate from, LocalDate to) {
    return new ReportDefinition(subject.withPeriod(from, to), format, timeZone, template);
  }

  /**
   * Returns the owner of the key that seals the file: the session that a report is about, so that
   * its erasure covers the report; else the report itself.
   */
  public Id keyOwner(ReportId reportId) {
    return subject.session().<Id>map(session -> session).orElse(reportId);
  }
}
