package io.agentledger.projection.support;

import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one event of a batch that the database rejects, for each processing group alone: an
 * event that one group cannot process may be no problem for the others. Rows are written at the end
 * of the batch, when their events are not known any more, and PostgreSQL rejects all further
 * statements of a failed transaction, including the dead letter's. So after a rollback the rows of
 * each event are flushed at once. The failing event is remembered, and rejected in the next attempt
 * of the batch before it reaches the database, so that it becomes a dead letter.
 */
public final class PoisonEventIsolator {
  private static final String WATCH_RESOURCE = PoisonEventIsolator.class.getName();
  private static final String FAILURE_RESOURCE = WATCH_RESOURCE + ".failure";
  private static final int REFUSED_MAX = 1024;
  private static final List<String> DATA_ERRORS = List.of("22", "23", "54");

  private final EntityManager entityManager;
  private final int batchSize;
  private final Map<String, GroupState> groups = new ConcurrentHashMap<>();

  private record GroupState(AtomicInteger isolatedEventsLeft, Map<String, Exception> failures) {
    GroupState() {
      this(new AtomicInteger(), new ConcurrentHashMap<>());
    }
  }

  /**
   * Creates the isolator.
   *
   * @param entityManager of the current transaction
   * @param batchSize maximum number of events of a batch
   */
  public PoisonEventIsolator(EntityManager entityManager, int batchSize) {
    this.entityManager = entityManager;
    this.batchSize = batchSize;
  }

  EntityManager entityManager() {
    return entityManager;
  }

  /**
   * Handles an event of a batch.
   *
   * @param writePending writes rows that the entity manager does not know
   */
  @Nullable Object handle(
      String groupName,
      EventMessage<?> event,
      InterceptorChain chain,
      Consumer<UnitOfWork<?>> writePending)
      throws Exception {
    var group = groups.computeIfAbsent(groupName, name -> new GroupState());
    var batch = CurrentUnitOfWork.get().root();
    watchRollback(batch, group);
    Exception earlierFailure = group.failures().get(event.getIdentifier());
    if (earlierFailure != null) {
      forgetAfterCommit(batch, group, event);
      throw earlierFailure;
    }
    boolean isIsolated = group.isolatedEventsLeft().get() > 0;
    try {
      Object result = chain.proceed();
      if (isIsolated) {
        writePending.accept(batch);
        flush(group);
      }
      return result;
    } catch (Exception e) {
      // The transaction is lost, so the events after it may fail because of it.
      boolean isFirst = batch.resources().putIfAbsent(FAILURE_RESOURCE, true) == null;
      if (isIsolated && isFirst && isDataError(e) && group.failures().size() < REFUSED_MAX) {
        group.failures().put(event.getIdentifier(), e);
        forgetAfterCommit(batch, group, event);
      }
      throw e;
    }
  }

  /** The dead letter is stored then, and may be processed again. */
  private static void forgetAfterCommit(
      UnitOfWork<?> batch, GroupState group, EventMessage<?> event) {
    batch.afterCommit(unitOfWork -> group.failures().remove(event.getIdentifier()));
  }

  private void flush(GroupState group) {
    group.isolatedEventsLeft().decrementAndGet();
    entityManager.flush();
    entityManager.clear(); // Otherwise each flush would check all rows of the batch again.
  }

  /**
   * Returns whether the event is the cause: PostgreSQL refuses its data (classes 22, 23 and 54), or
   * a value of it cannot be sent to the database at all. A lost connection is not caused by it.
   */
  private static boolean isDataError(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause())
      if (cause instanceof SQLException sql)
        return sql.getSQLState() != null
            && DATA_ERRORS.stream().anyMatch(sql.getSQLState()::startsWith);
    return !Thread.currentThread().isInterrupted();
  }

  private void watchRollback(UnitOfWork<?> batch, GroupState group) {
    batch.getOrComputeResource(
        WATCH_RESOURCE,
        key -> {
          batch.onRollback(failed -> group.isolatedEventsLeft().set(batchSize));
          return true;
        });
  }
}
