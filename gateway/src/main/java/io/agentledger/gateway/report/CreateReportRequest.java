package io.agentledger.gateway.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportSubject;
import io.agentledger.api.report.ReportSubject.AccessAudit;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportSubject.RegulatoryRecords;
import io.agentledger.api.report.ReportSubject.SessionActivity;
import io.agentledger.api.report.ReportSubject.SessionTranscript;
import io.agentledger.api.report.ReportSubject.UsageAndCosts;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportTemplateRef;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Request for a report. Each type has its own parameters; others are rejected.
 *
 * @param format pdf if omitted; csv for session_activity, usage and access_audit only
 * @param sessionId with session_transcript and session_activity only, and required there
 * @param from first day, as 2026-11-30; with usage, access_audit and record_keeping only, and
 *     required there
 * @param to last day, at most 366 days in all; with {@code from} only, and required there
 * @param groupBy with usage only; day if omitted
 * @param userId with usage and access_audit, the user to whom it is limited; with personal_data,
 *     the user whose data it lists, the caller if omitted
 * @param templateId template of the same type, in its present version; not with csv
 * @param timeZone name of the IANA database, in which times are shown and days begin; UTC if
 *     omitted. Usage has days in UTC.
 */
record CreateReportRequest(
    @NotNull(
            message =
                "must be session_transcript, session_activity, usage, access_audit, record_keeping"
                    + " or personal_data")
        ReportType type,
    @Nullable ReportFormat format,
    @Nullable SessionId sessionId,
    @Nullable String from,
    @Nullable String to,
    @Nullable GroupBy groupBy,
    @Nullable UserId userId,
    @Nullable ReportTemplateId templateId,
    @Nullable @Size(max = 64, message = "must be at most 64 characters") String timeZone) {
  private static final int DAY_LENGTH = 10;
  private static final Set<ReportType> OF_SESSION =
      Set.of(ReportType.SESSION_TRANSCRIPT, ReportType.SESSION_ACTIVITY);
  private static final Set<ReportType> OF_PERIOD =
      Set.of(ReportType.USAGE, ReportType.ACCESS_AUDIT, ReportType.RECORD_KEEPING);
  private static final Set<ReportType> OF_USER =
      Set.of(ReportType.USAGE, ReportType.ACCESS_AUDIT, ReportType.PERSONAL_DATA);

  /**
   * Returns the definition of the report.
   *
   * @throws InvalidRequestException with all violations
   */
  ReportDefinition toDefinition(UserId caller, List<ReportTemplateRef> template) {
    var violations = findViolations();
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return new ReportDefinition(
        toSubject(caller),
        formatOrDefault(),
        Objects.requireNonNullElse(timeZone, "UTC"),
        template);
  }

  private ReportFormat formatOrDefault() {
    return Objects.requireNonNullElse(format, ReportFormat.PDF);
  }

  private ReportSubject toSubject(UserId caller) {
    var users = Optional.ofNullable(userId).stream().toList();
    return switch (type) {
      case SESSION_TRANSCRIPT -> new SessionTranscript(Objects.requireNonNull(sessionId));
      case SESSION_ACTIVITY -> new SessionActivity(Objects.requireNonNull(sessionId));
      case USAGE ->
          new UsageAndCosts(
              day(from), day(to), Objects.requireNonNullElse(groupBy, GroupBy.DAY), users);
      case ACCESS_AUDIT -> new AccessAudit(day(from), day(to), users);
      case RECORD_KEEPING -> new RegulatoryRecords(day(from), day(to));
      case PERSONAL_DATA -> new PersonalData(Objects.requireNonNullElse(userId, caller));
    };
  }

  private List<Violation> findViolations() {
    var violations = new ArrayList<Violation>();
    requireOnlyWith(OF_SESSION, true, "session_id", sessionId, violations);
    requireOnlyWith(OF_PERIOD, true, "from", from, violations);
    requireOnlyWith(OF_PERIOD, true, "to", to, violations);
    requireOnlyWith(OF_USER, false, "user_id", userId, violations);
    requireOnlyWith(Set.of(ReportType.USAGE), false, "group_by", groupBy, violations);
    var firstDay = parseDay("from", from, violations);
    var lastDay = parseDay("to", to, violations);
    if (firstDay != null && lastDay != null)
      if (lastDay.isBefore(firstDay))
        violations.add(Violation.body("/to", "must not be before from"));
      else if (ChronoUnit.DAYS.between(firstDay, lastDay) >= ReportSubject.DAYS_MAX)
        violations.add(
            Violation.body(
                "/to", "must be at most " + ReportSubject.DAYS_MAX + " days from the first day"));
    if (formatOrDefault() == ReportFormat.CSV && !type.hasTable())
      violations.add(
          Violation.body(
              "/format",
              "must be pdf, html, markdown or json; csv is for session_activity, usage and"
                  + " access_audit only, which are one table"));
    if (formatOrDefault() == ReportFormat.CSV && templateId != null)
      violations.add(Violation.body("/template_id", "must be absent for csv, which has no texts"));
    if (timeZone != null && !isTimeZone(timeZone))
      violations.add(
          Violation.body("/time_zone", "must be a time zone, for example Europe/Berlin"));
    return violations;
  }

  private static LocalDate day(@Nullable String text) {
    return LocalDate.parse(Objects.requireNonNull(text));
  }

  private static @Nullable LocalDate parseDay(
      String field, @Nullable String text, List<Violation> violations) {
    if (text == null) return null;
    try {
      if (text.length() == DAY_LENGTH) return LocalDate.parse(text);
    } catch (DateTimeException exception) {
      // The violation below.
    }
    violations.add(
        Violation.body("/" + field, "must be a day of the years 0 to 9999, such as 2026-11-30"));
    return null;
  }

  private void requireOnlyWith(
      Set<ReportType> types,
      boolean isRequired,
      String field,
      @Nullable Object value,
      List<Violation> violations) {
    boolean applies = types.contains(type);
    if (!applies && value != null)
      violations.add(Violation.body("/" + field, "must be absent for " + type.wireName()));
    if (applies && isRequired && value == null)
      violations.add(Violation.body("/" + field, "is required for " + type.wireName()));
  }

  private static boolean isTimeZone(String name) {
    try {
      return ZoneId.getAvailableZoneIds().contains(ZoneId.of(name).getId());
    } catch (DateTimeException exception) {
      return false;
    }
  }
}
