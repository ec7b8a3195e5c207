package io.agentledger.projection.support;

import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one event that the database refuses among the thousands of a batch. Rows are written at
 * the batch's end, where nobody can say any more whose they were, and PostgreSQL refuses every
 * further statement of a transaction that failed: the dead letter, too. So after a batch was rolled
 * back, each event's rows are written at once; the one that fails is remembered and, when the batch
 * comes again, refused before it touches the database. That makes it a dead letter.
 */
public final class PoisonEventIsolator {
  private static final String WATCH_RESOURCE = PoisonEventIsolator.class.getName();
  private static final int REFUSED_MAX = 1024;

  private final EntityManager entityManager;
  private final int batchSize;
  private final AtomicInteger isolatedEventsLeft = new AtomicInteger();
  private final Map<String, Exception> failures = new ConcurrentHashMap<>();

  /**
   * @param entityManager of the current transaction
   * @param batchSize how many events a batch may have at most
   */
  public PoisonEventIsolator(EntityManager entityManager, int batchSize) {
    this.entityManager = entityManager;
    this.batchSize = batchSize;
  }

  EntityManager entityManager() {
    return entityManager;
  }

  @Nullable Object handle(EventMessage<?> event, InterceptorChain chain) throws Exception {
    var batch = CurrentUnitOfWork.get().root();
    watchRollback(batch);
    Exception earlierFailure = failures.get(event.getIdentifier());
    if (earlierFailure != null) {
      batch.afterCommit(unitOfWork -> failures.remove(event.getIdentifier()));
      throw earlierFailure;
    }
    boolean isIsolated = isolatedEventsLeft.get() > 0;
    try {
      Object result = chain.proceed();
      if (isIsolated) flush();
      return result;
    } catch (Exception e) {
      if (isIsolated && isDataError(e) && failures.size() < REFUSED_MAX)
        failures.put(event.getIdentifier(), e);
      throw e;
    }
  }

  private void flush() {
    isolatedEventsLeft.decrementAndGet();
    entityManager.flush();
    entityManager.clear(); // Else each flush looks at all rows of the batch once more.
  }

  /** Data exceptions and violated constraints; a lost connection is no fault of the event's. */
  private static boolean isDataError(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause())
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && (sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23")))
        return true;
    return false;
  }

  private void watchRollback(UnitOfWork<?> batch) {
    batch.getOrComputeResource(
        WATCH_RESOURCE,
        key -> {
          batch.onRollback(failed -> isolatedEventsLeft.set(batchSize));
          return true;
        });
  }
}
