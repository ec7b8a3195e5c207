package io.agentledger.api.report;

import io.agentledger.api.audit.NotAudited;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of a report. They contain ids and sizes, never content. */
public sealed interface ReportEvent {
  ReportId reportId();

  /**
   * A user or a schedule requested the report.
   *
   * @param schedule schedule that requested it; empty: none
   */
  @Revision("2")
  @StableName("ReportRequested")
  record ReportRequested(
      ReportId reportId,
      ExecutionPrincipal requester,
      ReportDefinition definition,
      List<ReportScheduleId> schedule)
      implements ReportEvent {
    public ReportRequested {
      schedule = List.copyOf(schedule);
    }
  }

  /**
   * A job started to make the report.
   *
   * @param attempt from 1
   */
  @NotAudited
  @Revision("1")
  @StableName("ReportStarted")
  record ReportStarted(ReportId reportId, int attempt) implements ReportEvent {}

  /**
   * The job got on; recorded at most once a second.
   *
   * @param percent 0 to 99
   * @param stage what is done
   */
  @NotAudited
  @Revision("1")
  @StableName("ReportProgressed")
  record ReportProgressed(ReportId reportId, int percent, String stage) implements ReportEvent {}

  /** The file can be downloaded. */
  @Revision("1")
  @StableName("ReportCompleted")
  record ReportCompleted(ReportId reportId, ReportFile file) implements ReportEvent {}

  /** The report could not be made. */
  @Revision("1")
  @StableName("ReportFailed")
  record ReportFailed(ReportId reportId, ReportFailure failure) implements ReportEvent {}

  /** The requester cancelled the report. */
  @Revision("1")
  @StableName("ReportCancelled")
  record ReportCancelled(ReportId reportId) implements ReportEvent {}

  /**
   * The report was deleted; a job deletes its file.
   *
   * @param fileName name of the file in the content store; empty if there is none
   */
  @Revision("1")
  @StableName("ReportDeleted")
  record ReportDeleted(ReportId reportId, String fileName) implements ReportEvent {}
}
