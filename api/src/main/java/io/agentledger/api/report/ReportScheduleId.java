package io.agentledger.api.report;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one report schedule. */
@StableName("report_schedule")
public record ReportScheduleId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "rsc";

  public ReportScheduleId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ReportScheduleId next() {
    return new ReportScheduleId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
