package io.agentledger.api.report;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for reports. Only the requester may cancel and delete a report. */
@StableName("report")
public sealed interface ReportCommand extends ApiCommand {
  /** Maximum number of reports of a tenant. */
  int REPORTS_MAX = 10_000;

  /** Maximum number of reports of a user, so that nobody uses up those of the tenant. */
  int REPORTS_OF_USER_MAX = 2_000;

  /** Maximum number of reports of a user that are queued or running. */
  int OPEN_MAX = 20;

  /** Maximum number of starts of a job, of which some may end with their node. */
  int ATTEMPTS_MAX = 3;

  @TargetAggregateIdentifier
  ReportId reportId();

  /**
   * Requests a report and returns its {@link ReportId}; a job makes it. Rejected if the requester
   * lacks a scope of its {@link ReportSubject#scopes}.
   *
   * @param requester as whom the job reads
   * @param schedule schedule that requests it; null: none
   */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @PermitAgents
  @StableName("RequestReport")
  record RequestReport(
      ReportId reportId,
      ExecutionPrincipal requester,
      ReportDefinition definition,
      @Nullable ReportScheduleId schedule,
      @Nullable Idempotency idempotency)
      implements ReportCommand, Idempotent {}

  /** Cancels a report; does nothing if it has ended. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @PermitAgents
  @StableName("CancelReport")
  record CancelReport(ReportId reportId, @Nullable Idempotency idempotency)
      implements ReportCommand, Idempotent {
    public CancelReport(ReportId reportId) {
      this(reportId, null);
    }
  }

  /** Deletes a report and its file; cancels it first if it has not ended. Idempotent. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @PermitAgents
  @StableName("DeleteReport")
  record DeleteReport(ReportId reportId) implements ReportCommand {}

  /** Deletes a report whose retention has ended. */
  @InternalOnly
  @StableName("ExpireReport")
  record ExpireReport(ReportId reportId) implements ReportCommand {}

  /** Starts the next attempt and returns its number; 0 if the report has ended. */
  @InternalOnly
  @StableName("StartReport")
  record StartReport(ReportId reportId) implements ReportCommand {}

  /**
   * Records progress; returns false if the attempt is to stop.
   *
   * @param percent 0 to 99
   * @param stage what is done, for example {@code messages}
   */
  @InternalOnly
  @StableName("RecordReportProgress")
  record RecordReportProgress(ReportId reportId, int attempt, int percent, String stage)
      implements ReportCommand {}

  /** Completes a report; returns false if its file is not needed any more. */
  @InternalOnly
  @StableName("CompleteReport")
  record CompleteReport(ReportId reportId, int attempt, ReportFile file) implements ReportCommand {}

  /** Records that an attempt failed, and with it the report. */
  @InternalOnly
  @StableName("FailReport")
  record FailReport(ReportId reportId, int attempt, ReportFailure failure)
      implements ReportCommand {}
}
