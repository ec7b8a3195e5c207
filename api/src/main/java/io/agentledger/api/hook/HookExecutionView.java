package io.agentledger.api.hook;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of a hook.
 *
 * @param toolCallId what it was about; null where that was no tool
 * @param httpStatus HTTP; 0 when there was none
 * @param detail its reason, what it added, or what went wrong
 * @param sequence of the fact
 */
public record HookExecutionView(
    HookId hookId,
    String name,
    HookPoint point,
    RunId runId,
    ThreadId threadId,
    @Nullable ToolCallId toolCallId,
    HookOutcome outcome,
    int httpStatus,
    long durationMs,
    boolean changedInput,
    @Nullable String detail,
    long sequence,
    Instant at) {}
