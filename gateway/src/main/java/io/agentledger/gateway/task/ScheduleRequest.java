package io.agentledger.gateway.task;

import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSchedule.MissedRuns;
import io.agentledger.api.task.TaskSchedule.Overlap;
import io.agentledger.api.task.TaskSchedule.Timing;
import io.agentledger.api.task.TaskView.ScheduleView.ScheduleType;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.CronValidator;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.template.VariableValue;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Schedule of a task.
 *
 * @param expression minute, hour, day of month, month and day of week; with {@code cron} only
 * @param timeZone name of the IANA database; UTC if omitted; with {@code cron} only
 * @param everySeconds with {@code interval} only
 * @param at ISO 8601; with {@code once} only
 * @param missedRuns skip if omitted
 * @param overlap skip if omitted
 */
record ScheduleRequest(
    @NotNull(message = "must be cron, interval or once") ScheduleType type,
    @Nullable @Size(max = 200, message = "must be at most 200 characters") String expression,
    @Nullable @Size(max = 64, message = "must be at most 64 characters") String timeZone,
    @Nullable
        @Range(
            min = TaskSchedule.INTERVAL_SECONDS_MIN,
            max = TaskSchedule.INTERVAL_SECONDS_MAX,
            message = "must be 10 to 31536000")
        Integer everySeconds,
    @Nullable @Size(max = 40, message = "must be at most 40 characters") String at,
    @Nullable MissedRuns missedRuns,
    @Nullable Overlap overlap,
    @Nullable @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
        Map<
                @Size(max = 64, message = "must have names of at most 64 characters") @SafeText
                String,
                @NotNull(message = VariableValue.RULE) VariableValue>
            variables) {
  private static final String POINTER = "/schedule";
  private static final Instant LATEST = Instant.parse("3000-01-01T00:00:00Z");

  /**
   * Returns the schedule.
   *
   * @throws InvalidRequestException with all violations
   */
  TaskSchedule toSchedule(Instant now) {
    var violations = new ArrayList<Violation>();
    requireOnlyWith(ScheduleType.CRON, "expression", expression, violations);
    requireOnlyWith(ScheduleType.CRON, "time_zone", timeZone, violations);
    requireOnlyWith(ScheduleType.INTERVAL, "every_seconds", everySeconds, violations);
    requireOnlyWith(ScheduleType.ONCE, "at", at, violations);
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return new TaskSchedule(
        switch (type) {
          case CRON -> toCron(now);
          case INTERVAL -> {
            if (everySeconds == null) throw violation("every_seconds", "is required");
            yield new Timing.Interval(everySeconds, now.truncatedTo(ChronoUnit.SECONDS));
          }
          case ONCE -> new Timing.Once(toInstant(now));
        },
        missedRuns == null ? MissedRuns.SKIP : missedRuns,
        overlap == null ? Overlap.SKIP : overlap);
  }

  private void requireOnlyWith(
      ScheduleType owner, String field, @Nullable Object value, List<Violation> violations) {
    if (value != null && type != owner)
      violations.add(
          Violation.body(
              POINTER + "/" + field,
              "must be given with the type " + owner.name().toLowerCase(Locale.ROOT) + " only"));
  }

  private Timing toCron(Instant now) {
    if (expression == null) throw violation("expression", "is required");
    CronValidator.findViolation(expression, now)
        .ifPresent(
            detail -> {
              throw violation("expression", detail);
            });
    var zone = timeZone == null ? "UTC" : timeZone;
    if (!ZoneId.getAvailableZoneIds().contains(zone))
      throw violation(
          "time_zone", "must be a time zone of the IANA database, such as Europe/Berlin");
    return new Timing.Cron(CronValidator.normalize(expression), zone);
  }

  private Instant toInstant(Instant now) {
    if (at == null) throw violation("at", "is required");
    try {
      var time = Instant.parse(at);
      if (!time.isBefore(LATEST)) throw violation("at", "must be before the year 3000");
      if (time.isAfter(now)) return time;
    } catch (DateTimeParseException exception) {
      throw violation("at", "must be a time in ISO 8601, such as 2030-01-31T09:00:00Z");
    }
    throw violation("at", "must be in the future");
  }

  Map<String, String> variablesOrEmpty() {
    return VariableValue.toTexts(variables);
  }

  private static InvalidRequestException violation(String field, String detail) {
    return InvalidRequestException.body(POINTER + "/" + field, detail);
  }
}
