package io.agentledger.command.report.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Checks values of facts and cells: {@link String}, {@link Long}, {@link Integer}, {@link
 * BigDecimal}, {@link Boolean}, {@link Instant}, {@link LocalDate}, or null for none.
 */
final class CellValue {
  private CellValue() {}

  static void check(@Nullable Object value) {
    switch (value) {
      case null -> {}
      case String text -> {}
      case Long number -> {}
      case Integer number -> {}
      case BigDecimal number -> {}
      case Boolean flag -> {}
      case Instant time -> {}
      case LocalDate day -> {}
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }
}
