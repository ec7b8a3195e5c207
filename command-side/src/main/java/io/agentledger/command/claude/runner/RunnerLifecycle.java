package io.agentledger.command.claude.runner;

import io.agentledger.api.identity.event.TenantEvent.TenantSuspended;
import io.agentledger.api.identity.event.UserEvent.UserDisabled;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.TaskStopRequested;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.event.LiveEventFeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.axonframework.eventhandling.DomainEventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Recovers the processes of the previous instance at start, listens for requests to runs, and at
 * stop ends idle processes and leaves the others running.
 */
final class RunnerLifecycle implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(RunnerLifecycle.class);

  /** Starts before the jobs, and stops after they are interrupted. */
  private static final int PHASE = Integer.MAX_VALUE - 2000;

  /** Maximum number of processes in a row that may end before a side request is answered. */
  private static final int SIDE_REQUEST_PROCESSES_MAX = 3;

  private static final List<Class<?>> WAKING_EVENTS =
      List.of(
          ActionEvent.PermissionDecided.class,
          ActionEvent.QuestionAnswered.class,
          ActionEvent.ToolAnswered.class,
          ActionEvent.ActionExpired.class,
          SideRequestAnswered.class,
          SideRequestFailed.class,
          ElicitationEvent.ElicitationAnswered.class,
          InterruptRequested.class,
          PermissionModeSet.class,
          TaskStopRequested.class,
          BackgroundRequested.class,
          RunFailed.class,
          RunInterrupted.class,
          SessionPaused.class,
          SessionExpired.class,
          SessionArchived.class,
          SessionClosed.class,
          SessionDeleted.class,
          SessionTransferred.class);

  private final CliRunner runner;
  private final ProcessPool<ProcessSupervisor> pool;
  private final LiveEventFeed liveEventFeed;
  private final RunRecovery recovery;
  private final UnattendedProcesses unattended;
  private final Prewarming prewarming;
  private volatile boolean running;
  private Runnable unsubscribe = () -> {};

  /**
   * Processes that are started before their sessions.
   *
   * @param onlyNode returns whether no other node lives. Otherwise a session takes its process with
   *     its first run, because files and queries may reach another node before.
   */
  record Prewarming(PrewarmedProcesses<PrewarmedProcess> processes, BooleanSupplier onlyNode) {
    private boolean mayAssign(SessionId session) {
      return processes.isClaimed(session) && onlyNode.getAsBoolean();
    }
  }

  RunnerLifecycle(
      CliRunner runner,
      ProcessPool<ProcessSupervisor> pool,
      LiveEventFeed liveEventFeed,
      RunRecovery recovery,
      UnattendedProcesses unattended,
      Prewarming prewarming) {
    this.prewarming = prewarming;
    this.runner = runner;
    this.pool = pool;
    this.liveEventFeed = liveEventFeed;
    this.recovery = recovery;
    this.unattended = unattended;
  }

  @Override
  public void start() {
    unsubscribe = liveEventFeed.listen(this::onEvent);
    try {
      recovery.recover();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the run directory cannot be read", unreadable);
    } finally {
      unattended.close();
    }
    running = true;
  }

  private void onEvent(DomainEventMessage<?> event) {
    if (WAKING_EVENTS.contains(event.getPayloadType())) {
      runner.refreshSupervisor(new SessionId(event.getAggregateIdentifier()));
    } else if (event.getPayload() instanceof TenantSuspended suspended) {
      endIdle(state -> state.provenance().tenant().equals(suspended.tenantId()));
    } else if (event.getPayload() instanceof UserDisabled disabled) {
      endIdle(state -> state.opened().ownerId().equals(disabled.userId()));
    } else if (event.getPayload() instanceof SideRequestSubmitted sideRequestSubmitted) {
      scheduleSupervise(sideRequestSubmitted.sessionId(), SIDE_REQUEST_PROCESSES_MAX);
    } else if (event.getPayload() instanceof SessionOpened sessionOpened
        && prewarming.mayAssign(sessionOpened.sessionId())) {
      SessionId session = sessionOpened.sessionId();
      Thread.ofVirtual().name("prewarmed-" + session).start(() -> assignPrewarmed(session));
    }
  }

  /**
   * Ends processes without a run, whose background tasks would begin one. Runs in progress are
   * interrupted, which stops their tasks.
   */
  private void endIdle(Predicate<SessionState> ofSession) {
    pool.supervisors().stream()
        .filter(process -> !process.isBusy() && ofSession.test(process.context().state()))
        .forEach(ProcessSupervisor::shutdownGracefully);
  }

  private void assignPrewarmed(SessionId session) {
    try {
      runner.assignPrewarmed(session);
    } catch (Runner.SessionBusyException elsewhere) {
      log.atDebug().addKeyValue("sessionId", session).log("another node has the session");
    } catch (IOException | RuntimeException fault) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(fault)
          .log("could not assign a prewarmed process; the first run starts another one");
    }
  }

  private void scheduleSupervise(SessionId session, int processesMax) {
    Thread.ofVirtual()
        .name("side-request-" + session)
        .start(() -> superviseSideRequests(session, processesMax));
  }

  /**
   * Ensures that side requests are answered. Every node gets the event, and one of them has the
   * session or acquires it. A process that ends without an answer is replaced a few times; after
   * that the request times out.
   */
  private void superviseSideRequests(SessionId session, int processesMax) {
    try {
      runner
          .superviseSideRequests(session)
          .filter(termination -> processesMax > 1)
          .ifPresent(
              termination -> termination.thenRun(() -> retrySupervise(session, processesMax - 1)));
    } catch (Runner.SessionBusyException elsewhere) {
      log.atDebug().addKeyValue("sessionId", session).log("another node answers the side requests");
    } catch (IOException | RuntimeException fault) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(fault)
          .log("could not start a process for side requests");
    }
  }

  private void retrySupervise(SessionId session, int processesMax) {
    if (running) {
      scheduleSupervise(session, processesMax);
    }
  }

  @Override
  public void stop() {
    running = false;
    unsubscribe.run();
    prewarming.processes().stop();
    pool.stop();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
