package io.agentledger.command.session;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.command.claude.runner.Runner.Assignment;
import java.time.Clock;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;

/**
 * A query and its job stand in one transaction: this hears the event before it is committed, and if
 * it fails there is no event. It holds no state, so little is done under the append's lock.
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
