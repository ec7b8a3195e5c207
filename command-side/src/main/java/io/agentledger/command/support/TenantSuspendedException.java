package io.agentledger.command.support;

import java.time.Duration;
import java.time.Instant;

/** Thrown by a job whose tenant is suspended: it is repeated, and continues after a resumption. */
public final class TenantSuspendedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Longest delay after a resumption. */
  public static final Duration CHECK_INTERVAL = Duration.ofMinutes(10);

  private final transient Instant retryAt;

  /**
   * @param next next regular time of the job, at which it must look
   */
  public TenantSuspendedException(Instant now, Instant next) {
    super("the tenant is suspended");
    var check = now.plus(CHECK_INTERVAL);
    this.retryAt = next.isBefore(check) ? next : check;
  }

  public Instant retryAt() {
    return retryAt;
  }
}
