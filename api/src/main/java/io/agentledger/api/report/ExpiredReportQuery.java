package io.agentledger.api.report;

import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.shared.StableName;
import java.time.Instant;

/** Queries about the reports of all tenants whose retention has ended. */
public sealed interface ExpiredReportQuery {
  /** Lists reports that have expired; returns a list of {@link ExpiredReport}. */
  @InternalOnly
  @StableName("ListExpiredReports")
  record ListExpiredReports(Instant now, int limit) implements ExpiredReportQuery {}
}
