package io.agentledger.api.report;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;
import java.time.Instant;

/** Id of one report. */
@StableName("report")
public record ReportId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "rep";

  public ReportId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ReportId next() {
    return new ReportId(Ids.random(PREFIX));
  }

  /** Returns the id of the report of one time of a schedule; derived, so that it is made once. */
  public static ReportId ofSchedule(ReportScheduleId schedule, Instant at) {
    return new ReportId(Ids.derived(PREFIX, schedule + "/" + at));
  }

  @Override
  public String toString() {
    return value;
  }
}
