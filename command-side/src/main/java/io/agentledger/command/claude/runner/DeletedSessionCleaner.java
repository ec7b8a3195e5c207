package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.store.event.LiveEventFeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Frees the files and uids of deleted sessions on this node. It listens for deletions, and at
 * start-up scans for sessions that were deleted while the node was down.
 */
final class DeletedSessionCleaner implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(DeletedSessionCleaner.class);

  /** Maximum number of events after the deletion, from a run that was in progress. */
  private static final long EVENTS_AFTER_DELETION = 50;

  /** Maximum number of checks whether the run and the uploads of a deleted session have ended. */
  private static final int CHECKS_MAX = 60;

  private static final Executor DELAYED_EXECUTOR =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Thread::startVirtualThread);

  private final CliRunner runner;
  private final ProcessPool<ProcessSupervisor> pool;
  private final SessionPathsResolver sessionPathsResolver;
  private final EventStore store;
  private final LiveEventFeed liveEventFeed;
  private volatile boolean running;
  private Runnable unsubscribe = () -> {};

  DeletedSessionCleaner(
      CliRunner runner,
      ProcessPool<ProcessSupervisor> pool,
      SessionPathsResolver sessionPathsResolver,
      EventStore store,
      LiveEventFeed liveEventFeed) {
    this.runner = runner;
    this.pool = pool;
    this.sessionPathsResolver = sessionPathsResolver;
    this.store = store;
    this.liveEventFeed = liveEventFeed;
  }

  @Override
  public void start() {
    running = true;
    unsubscribe = liveEventFeed.listen(this::onEvent);
    Thread.ofVirtual().name("session-cleaner").start(this::sweep);
  }

  private void onEvent(DomainEventMessage<?> event) {
    if (event.getPayload() instanceof SessionDeleted deleted) {
      SessionId session = deleted.sessionId();
      Thread.ofVirtual().name("clear-" + session).start(() -> deleteFiles(session));
    }
  }

  /** Checks all sessions with files on this node, one after the other. */
  void sweep() {
    try {
      for (Map.Entry<SessionId, Path> entry : sessionPathsResolver.workspaces().entrySet()) {
        if (running && isDeleted(entry.getKey())) {
          deleteFiles(entry.getKey());
        } else if (running) {
          runner.storeAbandonedConversation(entry.getKey());
        }
      }
    } catch (IOException | RuntimeException fault) {
      log.atWarn().setCause(fault).log("could not scan for files of deleted sessions");
    }
  }

  /**
   * Deletes the local files of a deleted session. Its run is interrupted and has a minute to end;
   * then its process is terminated. An upload that is being unpacked may add files meanwhile, so
   * that the deletion is repeated. May block.
   */
  private void deleteFiles(SessionId session) {
    deleteFiles(session, CHECKS_MAX);
  }

  private void deleteFiles(SessionId session, int checksLeft) {
    ReentrantLock lock = runner.lockOf(session);
    lock.lock();
    try {
      Optional<ProcessSupervisor> localSupervisor = pool.find(session);
      if (localSupervisor.filter(ProcessSupervisor::isBusy).isPresent()) {
        if (checksLeft == 0) {
          localSupervisor.get().terminate();
        }
        deleteFilesLater(session, checksLeft);
        return;
      }
      localSupervisor.ifPresent(pool::shutdownGracefully);
      sessionPathsResolver.runDirectory().delete(session.value());
    } catch (IOException stays) {
      if (checksLeft > 0) {
        deleteFilesLater(session, checksLeft);
        return;
      }
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(stays)
          .log("could not delete the files of a deleted session");
    } finally {
      lock.unlock();
    }
  }

  private void deleteFilesLater(SessionId session, int checksLeft) {
    DELAYED_EXECUTOR.execute(() -> deleteFiles(session, Math.max(0, checksLeft - 1)));
  }

  private boolean isDeleted(SessionId session) {
    Optional<Long> last = store.lastSequenceNumberFor(session.value());
    return last.isPresent()
        && store
            .readEvents(session.value(), Math.max(0, last.get() - EVENTS_AFTER_DELETION))
            .asStream()
            .anyMatch(event -> event.getPayload() instanceof SessionDeleted);
  }

  @Override
  public void stop() {
    running = false;
    unsubscribe.run();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
