package io.agentledger.gateway.support.web;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parses query parameters that filter lists; null stays null. */
public final class QueryParameters {
  private static final int LENGTH_MAX = 200;

  /** Last year that every format and the database know. */
  private static final int YEAR_MAX = 9999;

  private QueryParameters() {}

  /** Returns the search text; rejects a blank one. */
  public static @Nullable String requireText(String name, @Nullable String text) {
    return requireText(name, text, LENGTH_MAX);
  }

  /** Returns the text, which is at most as long as the values that it is compared with. */
  public static @Nullable String requireText(String name, @Nullable String text, int lengthMax) {
    if (text != null && (text.isBlank() || text.length() > lengthMax))
      throw InvalidRequestException.parameter(name, "must be 1 to " + lengthMax + " characters");
    return text;
  }

  /** Rejects a period that begins after its end. */
  public static <T extends Comparable<? super T>> void requireOrder(
      @Nullable T from, @Nullable T to) {
    if (from != null && to != null && from.compareTo(to) > 0)
      throw InvalidRequestException.parameter("from", "must not be after to");
  }

  /** Parses a time in ISO 8601 with an offset, of the years 1 to 9999. */
  public static @Nullable Instant parseInstant(String name, @Nullable String text) {
    if (text == null) return null;
    try {
      var time = OffsetDateTime.parse(text);
      if (time.getYear() >= 1 && time.getYear() <= YEAR_MAX) return time.toInstant();
    } catch (DateTimeException exception) {
      throw notAMoment(name);
    }
    throw notAMoment(name);
  }

  /** Parses a day such as 2026-11-20. */
  public static @Nullable LocalDate parseDay(String name, @Nullable String text) {
    try {
      return text == null ? null : LocalDate.parse(text);
    } catch (DateTimeException exception) {
      throw InvalidRequestException.parameter(name, "must be a day such as 2026-11-20");
    }
  }

  /** Parses a value with a parser that rejects others by an {@link IllegalArgumentException}. */
  public static <T> @Nullable T parse(
      String name, @Nullable String text, Function<String, T> parser) {
    try {
      return text == null ? null : parser.apply(text);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.parameter(name, String.valueOf(exception.getMessage()));
    }
  }

  private static InvalidRequestException notAMoment(String name) {
    return InvalidRequestException.parameter(name, "must be a moment such as 2026-11-20T09:00:00Z");
  }
}
