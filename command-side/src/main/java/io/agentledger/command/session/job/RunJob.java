package io.agentledger.command.session.job;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.ops.DatabaseOutage;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.AbandonRun;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.command.claude.runner.Runner;
import io.agentledger.command.claude.runner.Runner.Assignment;
import io.agentledger.store.telemetry.LogContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes one attempt of a run. The job is done when the end of the attempt is recorded: by the
 * runner, or, if the runner itself fails, by this job. A node that stops puts the job back, due
 * immediately; the job of a killed node stays picked until that node starts again, or another node
 * detects its death.
 */
final class RunJob {
  static final String NAME = "run";
  private static final Logger log = LoggerFactory.getLogger(RunJob.class);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
  private static final Duration DATABASE_POLL = Duration.ofSeconds(1);

  private final Supplier<Runner> runner;
  private final LocalRunStarter localRunStarter;
  private final RunAdmission admission;
  private final CommandGateway commands;
  private final Clock clock;
  private final CustomTask<JobData> task;

  /**
   * Data of a job: ids and provenance, never content. The types are plain, because the job table
   * has a mapper of its own.
   */
  record JobData(
      String session, String run, String query, int tries, Map<String, String> provenance) {
    static JobData from(Assignment assignment, int tries) {
      var provenance = assignment.provenance();
      return new JobData(
          assignment.session().value(),
          assignment.run().value(),
          assignment.query().value(),
          tries,
          Map.of(
              Provenance.TENANT, provenance.tenant().value(),
              Provenance.ACTOR, provenance.actor().toString(),
              Provenance.CREDENTIAL, provenance.credential().value(),
              Provenance.REQUEST, provenance.request(),
              Provenance.TRACEPARENT, provenance.traceparent()));
    }

    Assignment assignment() {
      return new Assignment(
          new SessionId(session), new RunId(run), new QueryId(query), Provenance.of(provenance));
    }
  }

  RunJob(
      Supplier<Runner> runner,
      LocalRunStarter localRunStarter,
      RunAdmission admission,
      CommandGateway commands,
      Clock clock) {
    this.runner = runner;
    this.admission = admission;
    this.localRunStarter = localRunStarter;
    this.commands = commands;
    this.clock = clock;
    this.task =
        Tasks.custom(NAME, JobData.class)
            .onFailure(this::reschedule)
            .onDeadExecutionRevive()
            .execute((instance, context) -> executeInSlot(instance.getData()));
  }

  CustomTask<JobData> task() {
    return task;
  }

  /** Returns the job of a run's try; the id of the first one equals that of the run. */
  TaskInstance<JobData> instance(Assignment assignment, int tries) {
    var id = assignment.run().value() + (tries == 1 ? "" : "." + tries);
    return task.instance(id, JobData.from(assignment, tries));
  }

  /**
   * Returns the job of a run that resumes. It has another id, because the job of the paused attempt
   * may still exist.
   */
  TaskInstance<JobData> instance(Assignment assignment, RunResumed event) {
    var id = assignment.run().value() + ".resumed." + event.attempt();
    return task.instance(id, JobData.from(assignment, event.tryNumber()));
  }

  /** Executes the job if a slot is free; otherwise it waits again, for any node. */
  private CompletionHandler<JobData> executeInSlot(JobData jobData) {
    try {
      if (!localRunStarter.tryAcquireSlot(new RunId(jobData.run())))
        return (complete, operations) -> operations.reschedule(complete, clock.instant());
    } catch (InterruptedException e) {
      throw new NodeStoppingException(e);
    }
    try {
      execute(jobData);
    } finally {
      localRunStarter.releaseSlot();
    }
    return new CompletionHandler.OnCompleteRemove<>();
  }

  private void execute(JobData jobData) {
    var assignment = jobData.assignment();
    var startedAt = clock.instant();
    try (var logContext = LogContext.open(assignment.provenance())) {
      executeOnceDatabaseAnswers(assignment);
    } catch (InterruptedException e) {
      throw new NodeStoppingException(e);
    } catch (Runner.SessionBusyException e) {
      throw e;
    } catch (RuntimeException e) {
      if (Thread.interrupted()) throw new NodeStoppingException(e);
      if (isSuperseded(e)) {
        log.atInfo()
            .addKeyValue("runId", assignment.run())
            .log("run has ended or continues on another node");
        return;
      }
      abandon(jobData, Duration.between(startedAt, clock.instant()), e);
    }
  }

  /**
   * Executes the run, and again after each second in which the database does not respond. Nothing
   * signals its return. The process, if there is one, continues, and the runner takes it over.
   */
  private void executeOnceDatabaseAnswers(Assignment assignment) throws InterruptedException {
    while (true) {
      try {
        if (!refuseUnlessPermitted(assignment)) runner.get().execute(assignment);
        return;
      } catch (RuntimeException e) {
        if (DatabaseOutage.findCause(e).isEmpty()) throw e;
        log.atWarn()
            .addKeyValue("runId", assignment.run())
            .addKeyValue("cause", e.toString())
            .log("the database does not respond; the run waits for it");
        Thread.sleep(DATABASE_POLL);
      }
    }
  }

  /**
   * Refuses a run that may not begin. If a process executes it, the runner takes it over until its
   * end.
   *
   * @return whether it was refused, and has ended
   */
  private boolean refuseUnlessPermitted(Assignment assignment) {
    var obstacle = admission.findObstacle(assignment.session(), assignment.provenance());
    return obstacle.isPresent()
        && admission.refuse(
            assignment.session(), assignment.run(), assignment.provenance(), obstacle.get());
  }

  /** Returns whether the run has ended meanwhile, or another node has taken it over. */
  private static boolean isSuperseded(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause())
      if (cause instanceof RejectionException rejectionException
          && (rejectionException.rejection() instanceof SessionRejection.NotRunning
              || rejectionException.rejection() instanceof SessionRejection.StaleEpoch))
        return true;
    return false;
  }

  private void abandon(JobData jobData, Duration lasted, RuntimeException fault) {
    var assignment = jobData.assignment();
    log.atError()
        .addKeyValue("sessionId", assignment.session())
        .addKeyValue("runId", assignment.run())
        .setCause(fault)
        .log("could not execute a run");
    var error = "The run could not be executed: " + fault.getClass().getSimpleName() + ".";
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(
                new AbandonRun(
                    assignment.session(), assignment.run(), jobData.tries(), lasted, error))
            .withMetaData(assignment.provenance().asService().asMetadata()));
  }

  /**
   * Reschedules the job: due immediately if this node stops; otherwise after a delay, for the
   * database or another node.
   */
  private void reschedule(ExecutionComplete complete, ExecutionOperations<JobData> operations) {
    boolean stopping =
        complete.getCause().filter(NodeStoppingException.class::isInstance).isPresent();
    var due = complete.getTimeDone().plus(stopping ? Duration.ZERO : RETRY_DELAY);
    operations.reschedule(complete, due);
  }

  /** Thrown when this node stops. Not a failure: the run continues elsewhere or later. */
  private static final class NodeStoppingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeStoppingException(Exception cause) {
      super(cause);
    }
  }
}
