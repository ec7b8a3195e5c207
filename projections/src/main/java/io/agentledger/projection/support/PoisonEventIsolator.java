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
  private static final String WATCHED = PoisonEventIsolator.class.getName();
  private static final int REFUSED_MAX = 1024;

  private final EntityManager rows;
  private final int batchSize;
  private final AtomicInteger careful = new AtomicInteger();
  private final Map<String, Exception> refused = new ConcurrentHashMap<>();

  /**
   * @param rows of the current transaction
   * @param batchSize how many events a batch may have at most
   */
  public PoisonEventIsolator(EntityManager rows, int batchSize) {
    this.rows = rows;
    this.batchSize = batchSize;
  }

  EntityManager rows() {
    return rows;
  }

  @Nullable Object handle(EventMessage<?> event, InterceptorChain chain) throws Exception {
    var batch = CurrentUnitOfWork.get().root();
    watch(batch);
    Exception known = refused.get(event.getIdentifier());
    if (known != null) {
      batch.afterCommit(done -> refused.remove(event.getIdentifier()));
      throw known;
    }
    Object result = chain.proceed();
    if (careful.get() > 0) write(event);
    return result;
  }

  private void write(EventMessage<?> event) {
    careful.decrementAndGet();
    try {
      rows.flush();
      rows.clear(); // Else each flush looks at all rows of the batch once more.
    } catch (RuntimeException e) {
      if (isAboutTheData(e) && refused.size() < REFUSED_MAX) refused.put(event.getIdentifier(), e);
      throw e;
    }
  }

  /** Data exceptions and violated constraints; a lost connection is no fault of the event's. */
  private static boolean isAboutTheData(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause())
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && (sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23")))
        return true;
    return false;
  }

  private void watch(UnitOfWork<?> batch) {
    batch.getOrComputeResource(
        WATCHED,
        key -> {
          batch.onRollback(failed -> careful.set(batchSize));
          return true;
        });
  }
}
