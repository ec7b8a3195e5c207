package io.agentledger.api.hook;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a hook.
 *
 * @param runId the run; null if the hook was called for an event of the session, as at SessionEnd
 * @param threadId the thread; null without a run
 * @param toolCallId the tool call; null if the point has none
 * @param httpStatus HTTP status; 0 if there was none
 * @param detail reason of the decision, added context, or error
 * @param sequence of the event
 */
public record HookExecutionView(
    HookId hookId,
    String name,
    HookPoint point,
    @Nullable RunId runId,
    @Nullable ThreadId threadId,
    @Nullable ToolCallId toolCallId,
    HookOutcome outcome,
    int httpStatus,
    long durationMs,
    boolean changedInput,
    @Nullable String detail,
    long sequence,
    Instant at) {}
