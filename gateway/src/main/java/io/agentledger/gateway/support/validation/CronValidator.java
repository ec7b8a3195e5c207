package io.agentledger.gateway.support.validation;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.scheduling.support.CronExpression;

/** Validates cron expressions of five fields, and names the first field that is not valid. */
public final class CronValidator {
  private record Field(String name, String range) {}

  private static final List<Field> FIELDS =
      List.of(
          new Field("minute", "0 to 59"),
          new Field("hour", "0 to 23"),
          new Field("day of month", "1 to 31 or L"),
          new Field("month", "1 to 12 or JAN to DEC"),
          new Field("day of week", "0 to 7 or SUN to SAT"));
  private static final Pattern CHARACTERS = Pattern.compile("[0-9A-Za-z*,/?#-]{1,100}");

  private CronValidator() {}

  /**
   * Returns the violated rule; empty if the expression is valid and has a time after {@code now}.
   */
  public static Optional<String> findViolation(String expression, Instant now) {
    return findInvalidField(expression)
        .or(
            () ->
                parse(normalize(expression)).next(now.atZone(ZoneOffset.UTC)) == null
                    ? Optional.of("has no time: no such day exists")
                    : Optional.empty());
  }

  /**
   * Returns the violated rule if two times of a valid expression are less than an hour apart: if
   * the field of the minute has more than one value.
   */
  public static Optional<String> findShortInterval(String expression) {
    var minutes = parse(normalize(expression).split(" ")[0] + " * * * *");
    var first = Objects.requireNonNull(minutes.next(LocalDateTime.MIN.withYear(2000)));
    return first.plusHours(1).equals(minutes.next(first))
        ? Optional.empty()
        : Optional.of("must have one minute, such as 0: its times must be an hour apart at least");
  }

  /** Returns a valid expression with one blank between its fields. */
  public static String normalize(String expression) {
    return String.join(" ", expression.strip().split("\\s+"));
  }

  private static CronExpression parse(String expression) {
    return CronExpression.parse("0 " + expression);
  }

  private static Optional<String> findInvalidField(String expression) {
    var fields = expression.strip().split("\\s+", -1);
    if (fields.length != FIELDS.size())
      return Optional.of(
          "must have 5 fields: minute, hour, day of month, month and day of week; it has "
              + (expression.isBlank() ? 0 : fields.length));
    for (int i = 0; i < fields.length; i++)
      if (!isValid(fields[i], i)) {
        var field = FIELDS.get(i);
        return Optional.of(
            "has an invalid field %d (%s): must be *, or %s, as values (1,2), ranges (1-5) or steps (*/5)"
                .formatted(i + 1, field.name(), field.range()));
      }
    return Optional.empty();
  }

  private static boolean isValid(String field, int index) {
    if (!CHARACTERS.matcher(field).matches()) return false;
    var others = new String[] {"0", "*", "*", "*", "*", "*"};
    others[index + 1] = field;
    return CronExpression.isValidExpression(String.join(" ", others));
  }
}
