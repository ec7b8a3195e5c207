package io.agentledger.api.session.stream;

import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * Transient progress of a run for live clients, which is not recorded. At most one item per second
 * and subject is sent.
 *
 * @param progressType status, thinking, tool, task or notice; fields of the others are null
 * @param status requesting, compacting, compacted, not_compacted, planning or acting
 * @param toolCallId the running call, or the call that started the task
 * @param tool its name; of a task, the last tool that it used
 * @param elapsedMs since the call was allowed, or the task started
 * @param tokens approximately: of this part of the thinking, or of the whole task
 * @param calls number of tool calls of the task
 * @param level level of a notice, with the CLI's names: info, notice, suggestion, warning, ...
 * @param text current step of the task, text of the notice, or reason why compaction failed
 */
@StableName("progress")
public record ProgressBody(
    String progressType,
    @Nullable String status,
    @Nullable ToolCallId toolCallId,
    @Nullable String taskId,
    @Nullable String tool,
    @Nullable Long elapsedMs,
    @Nullable Long tokens,
    @Nullable Integer calls,
    @Nullable String level,
    @Nullable String text)
    implements StreamItem.Body {
  /** Creates the progress of the CLI as a whole. */
  public static ProgressBody ofStatus(String status, @Nullable String detail) {
    return new ProgressBody("status", status, null, null, null, null, null, null, null, detail);
  }

  /** Creates the progress of thinking whose text is not shown. */
  public static ProgressBody ofThinking(long tokens) {
    return new ProgressBody("thinking", null, null, null, null, null, tokens, null, null, null);
  }

  /** Creates the progress of a call that has not returned. */
  public static ProgressBody ofTool(ToolCallId call, String tool, long elapsedMs) {
    return new ProgressBody("tool", null, call, null, tool, elapsedMs, null, null, null, null);
  }

  /** Creates an informational notice to the user. */
  public static ProgressBody ofNotice(String level, String text) {
    return new ProgressBody("notice", null, null, null, null, null, null, null, level, text);
  }
}
