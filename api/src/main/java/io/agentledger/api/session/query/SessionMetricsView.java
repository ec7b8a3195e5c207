package io.agentledger.api.session.query;

import io.agentledger.api.model.Usage;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session in numbers.
 *
 * @param sequence of the last fact that is counted
 * @param turns exchanges with the model, of all runs
 * @param durationMs how long runs took, all together
 * @param tools the most called first; at most {@link #TOOLS_MAX}
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
   * Runs by where they are.
   *
   * @param unfinished those that wait, run, or pause
   */
  public record RunCounts(
      long total, long completed, long failed, long interrupted, long unfinished) {}

  /**
   * The calls of one tool.
   *
   * @param denied by a rule, a hook, a mode or a person, or refused by the CLI
   * @param failed begun, and ended in an error
   * @param averageMs of the calls that were carried out; null when none was
   */
  public record ToolMetrics(
      String tool,
      long calls,
      long denied,
      long failed,
      @Nullable Long averageMs,
      @Nullable Long longestMs) {}
}
