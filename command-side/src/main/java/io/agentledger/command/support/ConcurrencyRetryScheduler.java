package io.agentledger.command.support;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.commandhandling.gateway.IntervalRetryScheduler;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Sends a command again when another node was quicker to write the next event of its aggregate, and
 * for no other reason. Axon asks its predicate of every cause in turn, SQL exceptions too; only the
 * failure itself counts here.
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
