package io.agentledger.command.claude.runner;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Reservations of prewarmed processes for first runs whose start is recorded in the append that
 * opens their sessions. Until the run begins, the process waits as before, so that a session that
 * is not opened changes nothing.
 *
 * @param locks locks of the sessions, under which processes are taken
 */
record FirstRunReservations(
    ProcessSupervisorFactory processSupervisorFactory,
    ProcessPool<ProcessSupervisor> pool,
    SessionLeases leases,
    PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses,
    SessionStates<ProcessSupervisor> states,
    ProcessReservations reservations,
    Function<SessionId, ReentrantLock> locks) {
  private static final Logger log = LoggerFactory.getLogger(FirstRunReservations.class);

  /** See {@link Runner#reserveFirst}. The lease is acquired in the transaction of the caller. */
  Optional<Runner.Reservation> reserve(
      DomainEventMessage<SessionOpened> opening, RunId run, RunOptions options) {
    Optional<PrewarmedProcess> waiting =
        prewarmedProcesses.find(opening.getPayload().sessionId()).filter(each -> pool.hasRoom());
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    try {
      SessionState state = processSupervisorFactory.newState(opening);
      if (ProcessReservations.mayPlanningBlock(state)) {
        return Optional.empty();
      }
      LaunchPlan plan =
          processSupervisorFactory.planLaunch(state, options, waiting.get().place().files());
      return processSupervisorFactory
          .newSupervisor(waiting.get(), state, plan, () -> leases.acquire(state.session()))
          .map(process -> new FirstRunReservation(waiting.get(), process, run));
    } catch (DataAccessException broken) { // The transaction of the command cannot be continued.
      throw broken;
    } catch (IOException | RuntimeException unusable) { // The job of the run records it.
      log.atDebug().setCause(unusable).log("could not reserve a prewarmed process");
      return Optional.empty();
    }
  }

  private final class FirstRunReservation implements Runner.Reservation {
    private final PrewarmedProcess prewarmed;
    private final ProcessSupervisor process;
    private final RunId run;

    FirstRunReservation(PrewarmedProcess prewarmed, ProcessSupervisor process, RunId run) {
      this.prewarmed = prewarmed;
      this.process = process;
      this.run = run;
    }

    @Override
    public Execution execution() {
      return process.context().execution();
    }

    @Override
    public CompletableFuture<Void> begin() {
      return CompletableFuture.supplyAsync(this::beginWhenUnlocked, Thread::startVirtualThread)
          .thenCompose(Function.identity());
    }

    private CompletableFuture<Void> beginWhenUnlocked() {
      SessionId session = process.session();
      ReentrantLock lock = locks.apply(session);
      lock.lock();
      pool.reserve(session);
      try {
        process.tryReserve();
        take();
        SessionState state =
            states.read(
                Optional.of(process),
                known -> {},
                () -> processSupervisorFactory.readOpenedState(session));
        return reservations.begin(process, state, run);
      } catch (IOException | RuntimeException failed) {
        process.cancelReservation();
        return CompletableFuture.failedFuture(failed);
      } finally {
        pool.release(session);
        lock.unlock();
      }
    }

    /** Takes the process, unless the job of the run was faster or the process has ended. */
    private void take() throws IOException {
      SessionId session = process.session();
      if (pool.find(session).isPresent()
          || prewarmedProcesses.take(session, prewarmed::equals).isEmpty()) {
        throw new IOException("the process is not available any more");
      }
      try {
        prewarmed.accept();
      } catch (IOException | RuntimeException failed) {
        prewarmed.end();
        leases.release(session, process.epoch());
        throw failed;
      }
      pool.add(process.start(true));
    }

    @Override
    public void cancel() {
      // The process waits for its session until it begins the run.
    }
  }
}
