package io.agentledger.command.session.job;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.command.claude.runner.Runner.Assignment;
import io.agentledger.command.session.job.RunJob.JobData;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;

/**
 * Enqueues the job of a query in the transaction of its event: if that fails, the event is not
 * stored. It has no state and does little work, because it holds the lock of the append.
 */
@ProcessingGroup(RunEnqueuer.GROUP)
final class RunEnqueuer {
  static final String GROUP = "run-jobs";

  private final JobTable<JobData> jobs;
  private final RunJob job;
  private final LocalRunStarter localRunStarter;
  private final Clock clock;

  RunEnqueuer(JobTable<JobData> jobs, RunJob job, LocalRunStarter localRunStarter, Clock clock) {
    this.jobs = jobs;
    this.job = job;
    this.localRunStarter = localRunStarter;
    this.clock = clock;
  }

  @EventHandler
  void on(QueryIssued event, MetaData metadata) {
    var provenance = Provenance.of(metadata).withoutSource();
    var assignment = new Assignment(event.sessionId(), event.runId(), event.queryId(), provenance);
    boolean started = localRunStarter.isStarted(event.runId());
    var delay = started ? LocalRunStarter.JOB_DELAY : Duration.ZERO;
    jobs.enqueue(job.instance(assignment, 1), clock.instant().plus(delay));
  }

  @EventHandler
  void on(RunResumed event, MetaData metadata) {
    var provenance = Provenance.of(metadata).withoutSource();
    var assignment = new Assignment(event.sessionId(), event.runId(), event.queryId(), provenance);
    jobs.enqueue(job.instance(assignment, event), clock.instant());
  }
}
