package io.agentledger.api.trigger;

import io.agentledger.api.task.TaskId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Result that a payload would have.
 *
 * @param event fields of the event that templates and conditions read
 * @param reason reason for which it would start nothing; null if it would start a task
 * @param command name of the command in its text; null for none
 * @param taskId null if it would start nothing, and for a command that decides about a plan
 * @param prompt prompt of the first session, without that of the task; null without a task
 * @param concurrencyKey null for none
 * @param error sentence that describes why it cannot be processed; null if it can
 */
public record DeliveryPreview(
    Map<String, String> event,
    DeliveryOutcome.@Nullable IgnoreReason reason,
    @Nullable String command,
    @Nullable TaskId taskId,
    @Nullable String prompt,
    @Nullable String concurrencyKey,
    @Nullable String error) {}
