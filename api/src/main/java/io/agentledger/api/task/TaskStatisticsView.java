package io.agentledger.api.task;

import io.agentledger.api.shared.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of the executions of a task that the caller may see: of the newest 10,000 within the
 * period.
 *
 * @param since begin of the period
 * @param executions numbers by status
 * @param meanMs milliseconds from the request to the end, waits included; null without an ended
 *     execution
 * @param p95Ms the same, for 95 of 100 executions at most; null without an ended execution
 * @param costUsd of all attempts
 * @param lastExecutionAt null for none
 */
public record TaskStatisticsView(
    TaskId taskId,
    Instant since,
    Executions executions,
    @Nullable Long meanMs,
    @Nullable Long p95Ms,
    Money costUsd,
    @Nullable Instant lastExecutionAt) {
  /** Maximum number of executions that are counted. */
  public static final int EXECUTIONS_MAX = 10_000;

  /** Numbers of executions. */
  public record Executions(
      long total,
      long queued,
      long running,
      long waiting,
      long succeeded,
      long failed,
      long cancelled,
      long timedOut) {}
}
