package io.agentledger.api.template;

import io.agentledger.api.shared.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of the sessions that were opened from a template and that the caller may see: of the
 * newest 10,000 within the period. Executions of tasks are counted by their task.
 *
 * @param since begin of the period
 * @param runs numbers of their runs by status
 * @param lastUsedAt null for none
 */
public record TemplateStatisticsView(
    TemplateId templateId,
    Instant since,
    long sessions,
    Runs runs,
    Money costUsd,
    @Nullable Instant lastUsedAt) {
  /** Maximum number of sessions that are counted. */
  public static final int SESSIONS_MAX = 10_000;

  /** Numbers of runs. */
  public record Runs(long total, long completed, long failed, long interrupted) {}
}
