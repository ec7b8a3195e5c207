package io.agentledger.command.support;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Jobs that are repeated at the times of a schedule. */
public final class ScheduledJobs {
  private ScheduledJobs() {}

  /**
   * Executes a job that is due, and returns what becomes of it: it is repeated at the next time of
   * its schedule, for the same time after the resumption of its tenant, or not any more.
   *
   * @param work returns the next time; empty if there is none
   * @param next data for the next time
   * @param repeated data for the same time
   */
  public static <T> CompletionHandler<T> execute(
      Supplier<Optional<Instant>> work, T next, T repeated) {
    try {
      return work.get()
          .<CompletionHandler<T>>map(
              time -> (complete, operations) -> operations.reschedule(complete, time, next))
          .orElseGet(CompletionHandler.OnCompleteRemove::new);
    } catch (TenantSuspendedException e) {
      return (complete, operations) -> operations.reschedule(complete, e.retryAt(), repeated);
    }
  }
}
