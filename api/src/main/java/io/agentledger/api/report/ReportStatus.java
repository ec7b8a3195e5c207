package io.agentledger.api.report;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Status of a report. */
public enum ReportStatus implements WireNamed {
  /** It waits for its job. */
  QUEUED,
  RUNNING,
  /** Its file can be downloaded. */
  COMPLETED,
  FAILED,
  CANCELLED;

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the status is final. */
  public boolean isFinal() {
    return compareTo(COMPLETED) >= 0;
  }
}
