package io.agentledger.api.report;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import org.axonframework.serialization.Revision;

/** Events of a report schedule. */
public sealed interface ReportScheduleEvent {
  ReportScheduleId scheduleId();

  /** The schedule was created. */
  @Revision("1")
  @StableName("ReportScheduleCreated")
  record ReportScheduleCreated(
      ReportScheduleId scheduleId, ExecutionPrincipal owner, ReportSchedule properties)
      implements ReportScheduleEvent {}

  /**
   * The schedule was replaced; its next time is one of the new expression.
   *
   * @param owner the owner, with the scopes of the credential that changed it
   */
  @Revision("1")
  @StableName("ReportScheduleChanged")
  record ReportScheduleChanged(
      ReportScheduleId scheduleId,
      long version,
      ExecutionPrincipal owner,
      ReportSchedule properties)
      implements ReportScheduleEvent {}

  /**
   * The schedule requests no more reports.
   *
   * @param reason empty if its owner paused it
   */
  @Revision("1")
  @StableName("ReportSchedulePaused")
  record ReportSchedulePaused(ReportScheduleId scheduleId, @ShownInAudit String reason)
      implements ReportScheduleEvent {}

  /** The schedule requests reports again. */
  @Revision("1")
  @StableName("ReportScheduleResumed")
  record ReportScheduleResumed(ReportScheduleId scheduleId, ReportSchedule properties)
      implements ReportScheduleEvent {}

  /** The schedule was deleted. */
  @Revision("1")
  @StableName("ReportScheduleDeleted")
  record ReportScheduleDeleted(ReportScheduleId scheduleId) implements ReportScheduleEvent {}
}
