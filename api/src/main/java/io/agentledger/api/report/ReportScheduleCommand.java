package io.agentledger.api.report;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for report schedules. Only the owner may change, pause and delete a schedule. */
@StableName("report_schedule")
public sealed interface ReportScheduleCommand extends ApiCommand {
  /** Maximum number of schedules of a user. */
  int SCHEDULES_MAX = 20;

  @TargetAggregateIdentifier
  ReportScheduleId scheduleId();

  /**
   * Creates a schedule and returns its {@link ReportScheduleId}.
   *
   * @param owner as whom the reports are requested
   */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("CreateReportSchedule")
  record CreateReportSchedule(
      ReportScheduleId scheduleId,
      ExecutionPrincipal owner,
      ReportSchedule schedule,
      @Nullable Idempotency idempotency)
      implements ReportScheduleCommand, Idempotent {}

  /**
   * Replaces a schedule and returns its new version. It stays paused if it is.
   *
   * @param owner the owner, as whom the reports are requested from then on
   * @param version version that the change is based on; the command is rejected if the schedule has
   *     another version
   */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("ChangeReportSchedule")
  record ChangeReportSchedule(
      ReportScheduleId scheduleId, ExecutionPrincipal owner, ReportSchedule schedule, long version)
      implements ReportScheduleCommand {}

  /** Pauses a schedule; does nothing if it is paused. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("PauseReportSchedule")
  record PauseReportSchedule(ReportScheduleId scheduleId, @Nullable Idempotency idempotency)
      implements ReportScheduleCommand, Idempotent {}

  /** Pauses a schedule that cannot go on, with the reason. */
  @InternalOnly
  @StableName("SuspendReportSchedule")
  record SuspendReportSchedule(ReportScheduleId scheduleId, String reason)
      implements ReportScheduleCommand {}

  /** Resumes a schedule from its next time on; does nothing if it is not paused. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("ResumeReportSchedule")
  record ResumeReportSchedule(ReportScheduleId scheduleId, @Nullable Idempotency idempotency)
      implements ReportScheduleCommand, Idempotent {}

  /** Deletes a schedule; its reports stay. Idempotent. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("DeleteReportSchedule")
  record DeleteReportSchedule(ReportScheduleId scheduleId) implements ReportScheduleCommand {}
}
