package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowEvent.PlanningCompleted;
import io.agentledger.api.flow.FlowEvent.PublishingStarted;
import io.agentledger.api.flow.FlowEvent.ReplyRequested;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.FlowJob.JobData;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;

/** Enqueues the jobs of flows in the transaction of their events. */
@ProcessingGroup(FlowEnqueuer.GROUP)
final class FlowEnqueuer {
  static final String GROUP = "flow-jobs";

  private final JobTable<JobData> jobs;
  private final FlowJob job;
  private final Clock clock;

  FlowEnqueuer(JobTable<JobData> jobs, FlowJob job, Clock clock) {
    this.jobs = jobs;
    this.job = job;
    this.clock = clock;
  }

  @EventHandler
  void on(PlanningCompleted event, TenantId tenant) {
    jobs.enqueue(job.reading(event.flowId(), tenant), clock.instant());
  }

  @EventHandler
  void on(ReplyRequested event, TenantId tenant) {
    jobs.enqueue(job.reply(event.flowId(), tenant, event.number()), clock.instant());
  }

  @EventHandler
  void on(PublishingStarted event, TenantId tenant) {
    jobs.enqueue(job.publishing(event.flowId(), tenant), clock.instant());
  }
}
