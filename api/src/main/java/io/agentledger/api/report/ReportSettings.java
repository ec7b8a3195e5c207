package io.agentledger.api.report;

import io.agentledger.api.audit.ShownInAudit;
import java.util.List;
import java.util.OptionalInt;

/**
 * Settings of a tenant for its reports: the looks of documents, and how long they are kept.
 *
 * @param organization on the cover; empty: none
 * @param footer line at the end of each page; empty: none
 * @param accentColor as {@code #1f5a96}; empty: the default
 * @param retention at most one for each type; a report of another type is kept until it is deleted
 */
public record ReportSettings(
    @ShownInAudit String organization,
    @ShownInAudit String footer,
    @ShownInAudit String accentColor,
    List<Retention> retention) {
  public static final int ORGANIZATION_LENGTH_MAX = 100;
  public static final int FOOTER_LENGTH_MAX = 200;
  public static final int RETENTION_DAYS_MAX = 3_660;

  /** Settings of a tenant without its own. */
  public static final ReportSettings DEFAULT = new ReportSettings("", "", "", List.of());

  public ReportSettings {
    retention = List.copyOf(retention);
  }

  /** Returns the days that reports of a type are kept; empty: until they are deleted. */
  public OptionalInt daysOf(ReportType type) {
    return retention.stream()
        .filter(rule -> rule.type() == type)
        .mapToInt(Retention::days)
        .findFirst();
  }

  /**
   * Retention of the reports of a type.
   *
   * @param days after their end, from 1 to {@value #RETENTION_DAYS_MAX}
   */
  public record Retention(ReportType type, int days) {}
}
