package io.agentledger.api.report;

import io.agentledger.api.shared.WireNamed;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** Period of the reports of a schedule, relative to the day on which they are requested. */
public enum ReportPeriod implements WireNamed {
  /** The type has no period. */
  NONE,
  PREVIOUS_DAY,
  /** Monday to Sunday. */
  PREVIOUS_WEEK,
  PREVIOUS_MONTH;

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean isSupported() {
    return this != NONE;
  }

  /** Returns the first day, for a report of a day. */
  public LocalDate from(LocalDate day) {
    return switch (this) {
      case NONE -> day;
      case PREVIOUS_DAY -> day.minusDays(1);
      case PREVIOUS_WEEK -> monday(day).minusWeeks(1);
      case PREVIOUS_MONTH -> day.withDayOfMonth(1).minusMonths(1);
    };
  }

  /** Returns the last day, for a report of a day. */
  public LocalDate to(LocalDate day) {
    return switch (this) {
      case NONE -> day;
      case PREVIOUS_DAY -> day.minusDays(1);
      case PREVIOUS_WEEK -> monday(day).minusDays(1);
      case PREVIOUS_MONTH -> day.withDayOfMonth(1).minusDays(1);
    };
  }

  private static LocalDate monday(LocalDate day) {
    return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
  }
}
