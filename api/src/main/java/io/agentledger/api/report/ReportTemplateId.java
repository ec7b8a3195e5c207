package io.agentledger.api.report;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one report template. */
@StableName("report_template")
public record ReportTemplateId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "rtp";

  public ReportTemplateId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ReportTemplateId next() {
    return new ReportTemplateId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
