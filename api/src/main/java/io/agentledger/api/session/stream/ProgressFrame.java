package io.agentledger.api.session.stream;

import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * What is going on just now, for whoever watches: a frame, of which nothing is kept. Of one thing
 * there is at most one in a second.
 *
 * @param about state, thinking, tool, task or notice; fields of the others are null
 * @param state requesting, compacting, compacted, not_compacted, planning or acting
 * @param toolCallId the call that is at work, or that began the task
 * @param tool its name; of a task, the one that it used last
 * @param elapsedMs since the call was allowed, or the task began
 * @param tokens roughly: of this piece of thinking so far, or of the task in all
 * @param calls tools that the task has used
 * @param level of a notice, in the CLI's words: info, notice, suggestion, warning, ...
 * @param text what the task is at, what the notice says, or why compacting failed
 */
@StableName("progress")
public record ProgressFrame(
    String about,
    @Nullable String state,
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
  public static ProgressFrame ofState(String state, @Nullable String why) {
    return new ProgressFrame("state", state, null, null, null, null, null, null, null, why);
  }

  /** Of thinking that is not shown as it is thought. */
  public static ProgressFrame ofThinking(long tokens) {
    return new ProgressFrame("thinking", null, null, null, null, null, tokens, null, null, null);
  }

  /** Of a call that has not come back. */
  public static ProgressFrame ofTool(ToolCallId call, String tool, long elapsedMs) {
    return new ProgressFrame("tool", null, call, null, tool, elapsedMs, null, null, null, null);
  }

  /** Of what is said to the user by the way. */
  public static ProgressFrame ofNotice(String level, String text) {
    return new ProgressFrame("notice", null, null, null, null, null, null, null, level, text);
  }
}
