package io.agentledger.command.support;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.commandhandling.gateway.IntervalRetryScheduler;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Retries a command only if another node has appended to its aggregate concurrently. Axon applies
 * the predicate to every cause in turn, SQL exceptions included; here only the failure itself
 * decides.
 */
public final class ConcurrencyRetryScheduler extends IntervalRetryScheduler {
  private static final int RETRIES_MAX = 10;
  private static final Duration PAUSE = Duration.ofMillis(10);

  public ConcurrencyRetryScheduler(ScheduledExecutorService scheduler) {
    super(
        IntervalRetryScheduler.builder()
            .retryExecutor(scheduler)
            .maxRetryCount(RETRIES_MAX)
            .retryInterval((int) PAUSE.toMillis()));
  }

  @Override
  protected boolean isExplicitlyNonTransient(Throwable failure) {
    return !(failure instanceof ConcurrencyException);
  }
}
