package io.agentledger.api.hook;

import java.time.Duration;

/**
 * Execution of one hook, before it is recorded.
 *
 * @param name name of the hook at that time
 * @param httpStatus HTTP status; 0 if there was none
 * @param changedInput whether it changed the input of the tool
 * @param detail reason of the decision, added context, or error; may be empty
 */
public record HookExecution(
    HookId hookId,
    String name,
    HookPoint point,
    HookOutcome outcome,
    int httpStatus,
    Duration duration,
    boolean changedInput,
    String detail) {}
