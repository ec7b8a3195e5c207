package io.agentledger.command.report;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler.OnCompleteRemove;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.samskivert.mustache.MustacheException;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.ops.DatabaseOutage;
import io.agentledger.api.report.ReportCommand;
import io.agentledger.api.report.ReportCommand.CompleteReport;
import io.agentledger.api.report.ReportCommand.FailReport;
import io.agentledger.api.report.ReportCommand.RecordReportProgress;
import io.agentledger.api.report.ReportCommand.StartReport;
import io.agentledger.api.report.ReportFailure;
import io.agentledger.api.report.ReportFile;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.crypto.SealedBlobStore;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one report, or deletes the file and the key of a deleted one. A report is written by a
 * thread of its own, because writing occupies a processor for seconds; the job's thread records the
 * progress, and interrupts it when the report is cancelled or the node stops. What a stop or an
 * outage of the database interrupts is repeated.
 */
final class ReportJob {
  private static final Logger log = LoggerFactory.getLogger(ReportJob.class);
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
  private static final Duration WAITING_DELAY = Duration.ofSeconds(15);
  private static final ReportFailure FAULT =
      new ReportFailure(
          "internal_error",
          "The report could not be made because of an internal error, which is in the log of the"
              + " service.");

  /** End of the names of jobs that delete. */
  private static final String DELETION = ".deletion";

  /** Stage of a report while one of its read models is behind, as during a replay. */
  private static final String WAITING = "waiting for a read model";

  private static final CompletionHandler<JobData> REMOVE = new OnCompleteRemove<>();

  private static final String INVALID_TEMPLATE = "A text of the template cannot be rendered: ";

  private final ReportFileWriter writer;
  private final SealedBlobStore files;
  private final CommandGateway commands;
  private final CustomTask<JobData> task;

  /**
   * Data of a job; the types are plain, because the job table has a mapper of its own.
   *
   * @param file name of the file to delete; empty if there is none
   * @param attempt number of the attempt that waits for a read model; null for a new one
   */
  record JobData(String report, String tenant, String file, @Nullable Integer attempt) {
    ReportId reportId() {
      return new ReportId(report);
    }

    TenantId tenantId() {
      return new TenantId(tenant);
    }
  }

  ReportJob(ReportFileWriter writer, SealedBlobStore files, CommandGateway commands) {
    this.writer = writer;
    this.files = files;
    this.commands = commands;
    this.task =
        Tasks.custom("report", JobData.class)
            .onFailure(ReportJob::reschedule)
            .onDeadExecution(ReportJob::revive)
            .execute((instance, context) -> execute(instance));
  }

  CustomTask<JobData> task() {
    return task;
  }

  TaskInstance<JobData> making(ReportId report, TenantId tenant) {
    return task.instance(report.value(), new JobData(report.value(), tenant.value(), "", null));
  }

  TaskInstance<JobData> deletion(ReportId report, TenantId tenant, String file) {
    return task.instance(
        report.value() + DELETION, new JobData(report.value(), tenant.value(), file, null));
  }

  private CompletionHandler<JobData> execute(TaskInstance<JobData> instance) {
    if (!instance.getId().endsWith(DELETION)) return make(instance.getData());
    delete(instance.getData());
    return REMOVE;
  }

  /** Destroys the report's own key, too; the key of a session has another name. */
  private void delete(JobData data) {
    if (!data.file().isEmpty()) files.delete(data.file());
    files.destroyKey(data.reportId());
  }

  private CompletionHandler<JobData> make(JobData data) {
    int attempt = attemptOf(data);
    return attempt == 0 || !isToWait(data, attempt)
        ? REMOVE
        : (complete, operations) -> reschedule(complete, WAITING_DELAY, attempt, operations);
  }

  /** Makes the report; returns whether its attempt waits for a read model that is behind. */
  private boolean isToWait(JobData data, int attempt) {
    try {
      var file = write(data, attempt);
      boolean isNeeded = send(data, new CompleteReport(data.reportId(), attempt, file));
      if (!isNeeded) files.delete(file.name());
    } catch (ReportInterruptedException e) {
      log.atInfo().addKeyValue("reportId", data.report()).log("a report was cancelled");
    } catch (RejectionException e) {
      var rejection = e.rejection();
      if (rejection instanceof ProjectionRebuilding) return isNeeded(data, attempt, 0, WAITING);
      fail(data, attempt, new ReportFailure(rejection.code(), rejection.message()));
    } catch (ReportTooLargeException e) {
      fail(data, attempt, new ReportFailure("report_too_large", String.valueOf(e.getMessage())));
    } catch (MustacheException e) {
      fail(data, attempt, new ReportFailure("invalid_template", INVALID_TEMPLATE + e.getMessage()));
    } catch (RuntimeException e) {
      if (DatabaseOutage.findCause(e).isPresent() || e instanceof NodeStoppingException) throw e;
      log.atError().addKeyValue("reportId", data.report()).setCause(e).log("a report failed");
      fail(data, attempt, FAULT);
    }
    return false;
  }

  /**
   * Writes the file; meanwhile records the progress.
   *
   * @throws ReportInterruptedException if the report was cancelled
   */
  private ReportFile write(JobData data, int attempt) {
    var progress = new ReportProgress();
    var work = new Writing(() -> writer.write(data.reportId(), data.tenantId(), progress));
    var thread =
        Thread.ofPlatform()
            .daemon()
            .name("report-" + data.report())
            .priority(Thread.MIN_PRIORITY)
            .start(work);
    try {
      while (true)
        try {
          return work.take(PROGRESS_INTERVAL);
        } catch (TimeoutException e) {
          if (!isNeeded(data, attempt, progress.percent(), progress.stage()))
            throw new ReportInterruptedException();
        }
    } catch (InterruptedException e) {
      throw new NodeStoppingException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } finally {
      work.abandon();
    }
  }

  /** Returns the number of the attempt that waits, or of a new one; 0 if the report has ended. */
  private int attemptOf(JobData data) {
    var waiting = data.attempt();
    return waiting != null && isNeeded(data, waiting, 0, WAITING)
        ? waiting
        : send(data, new StartReport(data.reportId()));
  }

  /** Records the progress; returns whether the attempt is not superseded and not cancelled. */
  private boolean isNeeded(JobData data, int attempt, int percent, String stage) {
    return send(data, new RecordReportProgress(data.reportId(), attempt, percent, stage));
  }

  /** Writing of a file, which is deleted unless somebody took it. */
  private final class Writing extends FutureTask<ReportFile> {
    private boolean isTaken;

    Writing(Callable<ReportFile> writing) {
      super(writing);
    }

    /** Returns the file, which then is the caller's. */
    ReportFile take(Duration timeout)
        throws InterruptedException, ExecutionException, TimeoutException {
      var file = get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      isTaken = true;
      return file;
    }

    /** Interrupts the writing; does nothing once the file was taken. */
    void abandon() {
      if (!isTaken && !cancel(true) && state() == State.SUCCESS) files.delete(resultNow().name());
    }

    @Override
    protected void set(ReportFile file) {
      super.set(file);
      if (isCancelled()) files.delete(file.name()); // It was interrupted while it was stored.
    }
  }

  private void fail(JobData data, int attempt, ReportFailure failure) {
    send(data, new FailReport(data.reportId(), attempt, failure));
  }

  private <R> R send(JobData data, ReportCommand command) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(Provenance.ofSystem(data.tenantId(), Ids.random("req")).asMetadata()));
  }

  private static void reschedule(
      ExecutionComplete complete, ExecutionOperations<JobData> operations) {
    boolean isStopping = complete.getCause().orElse(null) instanceof NodeStoppingException;
    reschedule(complete, isStopping ? Duration.ZERO : RETRY_DELAY, null, operations);
  }

  /** Its node may still write, so the report gets a new attempt, as it does after a failure. */
  private static void revive(ExecutionComplete complete, ExecutionOperations<JobData> operations) {
    reschedule(complete, Duration.ZERO, null, operations);
  }

  private static void reschedule(
      ExecutionComplete complete,
      Duration delay,
      @Nullable Integer attempt,
      ExecutionOperations<JobData> operations) {
    var data = (JobData) complete.getExecution().taskInstance.getData();
    operations.reschedule(
        complete,
        complete.getTimeDone().plus(delay),
        new JobData(data.report(), data.tenant(), data.file(), attempt));
  }

  /** Thrown when this node stops. Not a failure: the report is made elsewhere or later. */
  private static final class NodeStoppingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeStoppingException(Exception cause) {
      super(cause);
    }
  }
}
