package io.agentledger.api.session.query;

import io.agentledger.api.model.Usage;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of a session.
 *
 * @param sequence sequence of the last counted event
 * @param turns model exchanges of all runs
 * @param durationMs duration of all runs together
 * @param tools most called tools first; at most {@link #TOOLS_MAX}
 */
public record SessionMetricsView(
    SessionId sessionId,
    long sequence,
    RunCounts runs,
    long turns,
    long durationMs,
    long messages,
    List<ToolMetrics> tools,
    Usage usage,
    Money costUsd) {
  public static final int TOOLS_MAX = 200;

  /**
   * Number of runs by status.
   *
   * @param unfinished runs that wait, are in progress, or are paused
   */
  public record RunCounts(
      long total, long completed, long failed, long interrupted, long unfinished) {}

  /**
   * Calls of one tool.
   *
   * @param denied by a rule, a hook, a mode, a user or the CLI
   * @param failed executed with an error
   * @param averageMs average duration of the executed calls; null if there is none
   */
  public record ToolMetrics(
      String tool,
      long calls,
      long denied,
      long failed,
      @Nullable Long averageMs,
      @Nullable Long longestMs) {}
}
