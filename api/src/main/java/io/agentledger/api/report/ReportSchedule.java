package io.agentledger.api.report;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.task.TaskSchedule.Timing;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Definition of a report schedule.
 *
 * @param expression minute, hour, day of month, month, day of week
 * @param timeZone name of the IANA database
 * @param report definition of each report; the days of its subject are those of the first one
 * @param period whose days the subject of each report has
 */
public record ReportSchedule(
    @ShownInAudit String name,
    @ShownInAudit String expression,
    @ShownInAudit String timeZone,
    ReportDefinition report,
    ReportPeriod period) {
  /** Returns when reports are requested. */
  public Timing times() {
    return new Timing.Cron(expression, timeZone);
  }

  /** Returns the definition of the report of a time. */
  public ReportDefinition reportAt(Instant at) {
    var day = LocalDate.ofInstant(at, ZoneId.of(timeZone));
    return report.withPeriod(period.from(day), period.to(day));
  }
}
