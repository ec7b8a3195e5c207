package io.agentledger.command.support;

import io.agentledger.api.task.TaskSchedule.Timing;
import io.agentledger.store.task.ScheduleTimes;
import java.time.Duration;
import java.time.Instant;

/** Thrown by a job whose tenant is suspended: it is repeated, and continues after a resumption. */
public final class TenantSuspendedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Longest delay after a resumption. */
  public static final Duration CHECK_INTERVAL = Duration.ofMinutes(10);

  private final transient Instant retryAt;

  /**
   * @param timing of the job, which looks at its next time at the latest
   */
  public TenantSuspendedException(Timing timing, Instant now) {
    super("the tenant is suspended");
    var check = now.plus(CHECK_INTERVAL);
    this.retryAt = ScheduleTimes.findNext(timing, now).filter(check::isAfter).orElse(check);
  }

  public Instant retryAt() {
    return retryAt;
  }
}
