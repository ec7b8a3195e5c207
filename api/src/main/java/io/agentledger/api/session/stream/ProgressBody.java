package io.agentledger.api.session.stream;

import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * Transient progress of a run for live viewers, which is not recorded. At most one item per second
 * and subject is sent.
 *
 * @param progressType status, thinking, tool, task or notice; fields of the others are null
 * @param status requesting, compacting, compacted, not_compacted, planning or acting
 * @param toolCallId the call that is at work, or that began the task
 * @param tool its name; of a task, the one that it used last
 * @param elapsedMs since the call was allowed, or the task began
 * @param tokens roughly: of this piece of thinking so far, or of the task in all
 * @param calls tools that the task has used
 * @param level of a notice, in the CLI's words: info, notice, suggestion, warning, ...
 * @param text what the task is at, what the notice says, or why compacting failed
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
  /** Of what the CLI is doing as a whole. */
  public static ProgressBody ofStatus(String status, @Nullable String detail) {
    return new ProgressBody("status", status, null, null, null, null, null, null, null, detail);
  }

  /** Of thinking that is not shown as it is thought. */
  public static ProgressBody ofThinking(long tokens) {
    return new ProgressBody("thinking", null, null, null, null, null, tokens, null, null, null);
  }

  /** Position of a call that has not returned. */
  public static ProgressBody ofTool(ToolCallId call, String tool, long elapsedMs) {
    return new ProgressBody("tool", null, call, null, tool, elapsedMs, null, null, null, null);
  }

  /** Of what is said to the user by the way. */
  public static ProgressBody ofNotice(String level, String text) {
    return new ProgressBody("notice", null, null, null, null, null, null, null, level, text);
  }
}
