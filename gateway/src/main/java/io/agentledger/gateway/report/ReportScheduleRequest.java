package io.agentledger.gateway.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportPeriod;
import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.CronValidator;
import io.agentledger.gateway.support.validation.NormalizedName;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Request for reports by a schedule, with the parameters of a report.
 *
 * @param expression minute, hour, day of month, month and day of week; with one minute, so that the
 *     times are at least an hour apart
 * @param timeZone name of the IANA database, of the times of the schedule and of its reports; UTC
 *     if omitted
 * @param period previous_day, previous_week or previous_month; with usage, access_audit and
 *     record_keeping only, and required there
 */
record ReportScheduleRequest(
    @ConfigurationName String name,
    @NotNull(message = "is required") @Size(max = 200, message = "must be at most 200 characters")
        String expression,
    @Nullable @Size(max = 64, message = "must be at most 64 characters") String timeZone,
    @NotNull(message = "must be a type of report") ReportType type,
    @Nullable ReportFormat format,
    @Nullable ReportPeriod period,
    @Nullable SessionId sessionId,
    @Nullable GroupBy groupBy,
    @Nullable UserId userId,
    @Nullable ReportTemplateId templateId) {
  ReportScheduleRequest {
    name = NormalizedName.of(name);
    if (period == ReportPeriod.NONE) period = null; // As the type without one has it.
  }

  /**
   * Checks the expression.
   *
   * @throws InvalidRequestException also if it has no time, or two within an hour
   */
  void checkExpression(Instant now) {
    CronValidator.findViolation(expression, now)
        .or(() -> CronValidator.findShortInterval(expression))
        .ifPresent(
            detail -> {
              throw InvalidRequestException.body("/expression", detail);
            });
  }

  /** Returns the request for the report of a day. */
  CreateReportRequest toReportRequest(LocalDate day) {
    boolean hasPeriod =
        type == ReportType.USAGE
            || type == ReportType.ACCESS_AUDIT
            || type == ReportType.RECORD_KEEPING;
    if (hasPeriod == (period == null))
      throw InvalidRequestException.body(
          "/period",
          hasPeriod
              ? "must be previous_day, previous_week or previous_month"
              : "must be absent for " + type.wireName());
    return new CreateReportRequest(
        type,
        format,
        sessionId,
        period == null ? null : period.from(day).toString(),
        period == null ? null : period.to(day).toString(),
        groupBy,
        userId,
        templateId,
        timeZone);
  }

  /** Returns the schedule, after the definition of its reports was validated. */
  ReportSchedule toSchedule(ReportDefinition definition) {
    return new ReportSchedule(
        name,
        CronValidator.normalize(expression),
        definition.timeZone(),
        definition,
        Objects.requireNonNullElse(period, ReportPeriod.NONE));
  }
}
