package io.agentledger.command.report.document;

import org.jspecify.annotations.Nullable;

/**
 * A named value of a report.
 *
 * @param name for readers, for example "Started"
 * @param value see {@link CellValue}
 */
public record Fact(String name, @Nullable Object value) {
  public Fact {
    CellValue.check(value);
  }
}
