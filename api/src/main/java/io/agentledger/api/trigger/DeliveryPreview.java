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
 * @param planTaskId task that makes the plan of the flow; null without one
 * @param approvalRequired whether a user must approve the plan; null if it would start no flow
 * @param error sentence that describes why it cannot be processed; null if it can
 */
public record DeliveryPreview(
    Map<String, String> event,
    DeliveryOutcome.@Nullable IgnoreReason reason,
    @Nullable String command,
    @Nullable TaskId taskId,
    @Nullable String prompt,
    @Nullable String concurrencyKey,
    @Nullable TaskId planTaskId,
    @Nullable Boolean approvalRequired,
    @Nullable String error) {
  /** Returns the result of a payload that cannot be processed. */
  public static DeliveryPreview failed(String error) {
    return new DeliveryPreview(Map.of(), null, null, null, null, null, null, null, error);
  }

  /** Returns the result of a payload that starts nothing. */
  public static DeliveryPreview ignored(
      Map<String, String> event, DeliveryOutcome.IgnoreReason reason) {
    return new DeliveryPreview(event, reason, null, null, null, null, null, null, null);
  }

  /** Returns the result of a payload with a command that starts nothing. */
  public static DeliveryPreview ofCommand(Map<String, String> event, String command) {
    return new DeliveryPreview(event, null, command, null, null, null, null, null, null);
  }
}
