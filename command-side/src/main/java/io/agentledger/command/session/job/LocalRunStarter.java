package io.agentledger.command.session.job;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.command.claude.runner.Runner;
import io.agentledger.command.claude.runner.Runner.Reservation;
import io.agentledger.command.session.RunStarter;
import io.agentledger.command.session.job.RunJob.JobData;
import io.agentledger.command.support.JobTable;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts runs at processes of this node without their jobs. Such a run has a job nevertheless,
 * which is due a little later and executes it if this node or the process fails. A run that ends
 * before needs no job, and its job is removed. All runs of the node share its slots. Thread-safe.
 */
final class LocalRunStarter implements RunStarter {
  /** Time until the job of a run that was started without it is due. */
  static final Duration JOB_DELAY = Duration.ofSeconds(2);

  private static final Duration SLOT_TIMEOUT = Duration.ofSeconds(1);
  private static final Logger log = LoggerFactory.getLogger(LocalRunStarter.class);

  private final Supplier<Runner> runner;
  private final Supplier<JobTable<JobData>> jobs;
  private final RunAdmission admission;
  private final Semaphore slots;

  /** Runs that were started without their jobs, until those begin or the runs end. */
  private final Set<RunId> runs = ConcurrentHashMap.newKeySet();

  /**
   * @param runner and jobs also send commands, so they are looked up only when a run begins
   */
  LocalRunStarter(
      Supplier<Runner> runner,
      Supplier<JobTable<JobData>> jobs,
      RunAdmission admission,
      RunSettings settings) {
    this.runner = runner;
    this.admission = admission;
    this.jobs = jobs;
    this.slots = new Semaphore(settings.maxConcurrent());
  }

  @Override
  public Optional<Execution> reserve(QueryIssued issued, Recorded recorded) {
    var unitOfWork = CurrentUnitOfWork.get();
    boolean isNested = unitOfWork.parent().isPresent(); // It may have events.
    var sender = Provenance.of(unitOfWork.getMessage().getMetaData());
    if (isNested || admission.findObstacle(issued.sessionId(), sender).isPresent())
      return Optional.empty(); // The job refuses it.
    if (slots.hasQueuedThreads() || !slots.tryAcquire()) return Optional.empty();
    var run = issued.runId();
    Optional<Reservation> reservation = Optional.empty();
    try {
      reservation =
          reserveProcess(issued, recorded)
              .filter(reserved -> isCurrentOrCancel(reserved, recorded));
      reservation.ifPresent(reserved -> register(reserved, run));
    } finally {
      if (reservation.isEmpty()) slots.release();
    }
    return reservation.map(Reservation::execution);
  }

  private Optional<Reservation> reserveProcess(QueryIssued issued, Recorded recorded) {
    var run = issued.runId();
    if (recorded.opening().isEmpty())
      return runner
          .get()
          .reserve(issued.sessionId(), run, issued.options(), recorded.nextSequence());
    var metaData = CurrentUnitOfWork.get().getMessage().getMetaData();
    boolean isUserKnown =
        admission.findUser(issued.sessionId(), Provenance.of(metaData)).isPresent();
    boolean hasHooks = recorded.nextSequence() > 1;
    if (!isUserKnown || hasHooks) return Optional.empty();
    var opening =
        new GenericDomainEventMessage<>(
            "Session", issued.sessionId().value(), 0, recorded.opening().get(), metaData);
    return runner.get().reserveFirst(opening, run, issued.options());
  }

  private static boolean isCurrentOrCancel(Reservation reserved, Recorded recorded) {
    boolean current = reserved.execution().epoch() >= recorded.epoch();
    if (!current) reserved.cancel(); // Another node has the session.
    return current;
  }

  private void register(Reservation reserved, RunId run) {
    var unitOfWork = CurrentUnitOfWork.get();
    runs.add(run);
    unitOfWork.onRollback(
        unit -> {
          remove(run);
          reserved.cancel();
        });
    unitOfWork.afterCommit(unit -> begin(reserved, run));
  }

  private void begin(Reservation reserved, RunId run) {
    reserved
        .begin()
        .whenCompleteAsync((end, failure) -> onEnd(run, failure), Thread::startVirtualThread);
  }

  /** Removes the job of a run that has ended, or lets it execute a run that was not. */
  private void onEnd(RunId run, @Nullable Throwable failure) {
    remove(run);
    var job = TaskInstanceId.of(RunJob.NAME, run.value());
    try {
      if (failure == null) jobs.get().remove(job);
      else jobs.get().bringForward(job);
    } catch (RuntimeException e) {
      log.atDebug().addKeyValue("runId", run).setCause(e).log("the job of a run becomes due later");
    }
  }

  private void remove(RunId run) {
    if (runs.remove(run)) slots.release();
  }

  /** Returns whether the run was started without its job, which has not begun. */
  boolean isStarted(RunId run) {
    return runs.contains(run);
  }

  /**
   * Acquires a slot for the job of a run, which releases it: that of the run, if it was started
   * without the job, or else a free one, for which it waits a little.
   *
   * @return false if no slot is free
   */
  boolean tryAcquireSlot(RunId run) throws InterruptedException {
    return runs.remove(run) || slots.tryAcquire(SLOT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  void releaseSlot() {
    slots.release();
  }

  int freeSlots() {
    return slots.availablePermits();
  }
}
