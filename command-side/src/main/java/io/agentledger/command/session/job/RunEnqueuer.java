package io.agentledger.command.session.job;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.command.claude.runner.Runner.Assignment;
import java.time.Clock;
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

  private final RunJobs jobs;
  private final Clock clock;

  RunEnqueuer(RunJobs jobs, Clock clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  @EventHandler
  void on(QueryIssued event, MetaData metadata) {
    var provenance = Provenance.of(metadata).withoutSource();
    var assignment = new Assignment(event.sessionId(), event.runId(), event.queryId(), provenance);
    jobs.enqueue(assignment, 1, clock.instant());
  }

  @EventHandler
  void on(RunResumed event, MetaData metadata) {
    var provenance = Provenance.of(metadata).withoutSource();
    var assignment = new Assignment(event.sessionId(), event.runId(), event.queryId(), provenance);
    jobs.resume(assignment, event, clock.instant());
  }
}
