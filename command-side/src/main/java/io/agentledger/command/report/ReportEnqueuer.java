package io.agentledger.command.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportEvent.ReportDeleted;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.command.report.ReportJob.JobData;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;

/** Enqueues the jobs of reports in the transaction of their events. */
@ProcessingGroup(ReportEnqueuer.GROUP)
final class ReportEnqueuer {
  static final String GROUP = "report-jobs";

  private final JobTable<JobData> jobs;
  private final ReportJob job;
  private final Clock clock;

  ReportEnqueuer(JobTable<JobData> jobs, ReportJob job, Clock clock) {
    this.jobs = jobs;
    this.job = job;
    this.clock = clock;
  }

  @EventHandler
  void on(ReportRequested event, TenantId tenant) {
    jobs.enqueue(job.making(event.reportId(), tenant), clock.instant());
  }

  @EventHandler
  void on(ReportDeleted event, TenantId tenant) {
    jobs.enqueue(job.deletion(event.reportId(), tenant, event.fileName()), clock.instant());
  }
}
