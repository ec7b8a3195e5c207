package io.agentledger.api.template;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Type of a variable of a template, whose values are texts. */
public enum VariableType {
  /** Any text. */
  TEXT("be text", value -> true),
  /** Integer of up to 15 digits, as in JSON. */
  INTEGER("be an integer of up to 15 digits, such as 12", matching("-?(0|[1-9]\\d{0,14})")),
  /** Decimal number of up to 15 digits before and after the point. */
  NUMBER("be a number such as 1.5", matching("-?(0|[1-9]\\d{0,14})(\\.\\d{1,15})?")),
  BOOLEAN("be true or false", matching("true|false")),
  /** Date of ISO 8601. */
  DATE("be a date such as 2026-11-20", VariableType::isDate);

  private static final int DATE_LENGTH = "2026-11-20".length();

  private final String rule;
  private final Predicate<String> accepted;

  VariableType(String rule, Predicate<String> accepted) {
    this.rule = rule;
    this.accepted = accepted;
  }

  private static Predicate<String> matching(String pattern) {
    return Pattern.compile(pattern).asMatchPredicate();
  }

  /** Dates after the year 9999 have a sign, which few other programs know. */
  private static boolean isDate(String value) {
    try {
      return LocalDate.parse(value).toString().equals(value) && value.length() == DATE_LENGTH;
    } catch (DateTimeException exception) {
      return false;
    }
  }

  public boolean accepts(String value) {
    return accepted.test(value);
  }

  /** Returns what a value must be, to follow "must". */
  public String rule() {
    return rule;
  }

  /** Returns whether a value is written to JSON as it is, without quotes. */
  public boolean isJsonLiteral() {
    return this == INTEGER || this == NUMBER || this == BOOLEAN;
  }
}
