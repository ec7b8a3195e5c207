package io.agentledger.command.support;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.commandhandling.gateway.IntervalRetryScheduler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Retries a command only if another node has appended to its aggregate concurrently, or PostgreSQL
 * has ended its transaction in favor of another one. Axon applies the predicate to every cause in
 * turn, SQL exceptions included; here only the failure itself decides.
 *
 * <p>A command of a saga is not repeated: its transaction, which the failure aborts, is that of the
 * saga, and so are its locks. The processor of the saga repeats both.
 */
public final class ConcurrencyRetryScheduler extends IntervalRetryScheduler {
  private static final int RETRIES_MAX = 10;
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final int DEPTH_MAX = 16;

  /** SQL states of a serialization failure and of a deadlock: nothing is committed. */
  private static final Set<String> ABORTED = Set.of("40001", "40P01");

  public ConcurrencyRetryScheduler(ScheduledExecutorService scheduler) {
    super(
        IntervalRetryScheduler.builder()
            .retryExecutor(scheduler)
            .maxRetryCount(RETRIES_MAX)
            .retryInterval((int) PAUSE.toMillis()));
  }

  @Override
  protected boolean isExplicitlyNonTransient(Throwable failure) {
    if (CurrentUnitOfWork.isStarted()) return true;
    return !(failure instanceof ConcurrencyException) && !isAborted(failure);
  }

  private static boolean isAborted(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause())
      if (cause instanceof SQLException sql && ABORTED.contains(String.valueOf(sql.getSQLState())))
        return true;
    return false;
  }
}
