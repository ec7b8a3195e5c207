package io.agentledger.api.task;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.time.Instant;

/** Cause of an execution. */
public sealed interface ExecutionTrigger extends Discriminated {
  /** A request of a user. */
  @StableName("manual")
  record Manual() implements ExecutionTrigger {}

  /**
   * A time of the schedule.
   *
   * @param exclusive whether it waits for the earlier executions of the task
   */
  @StableName("schedule")
  record Schedule(Instant scheduledAt, boolean exclusive) implements ExecutionTrigger {}

  /** A request to repeat an execution that has ended. */
  @StableName("retry")
  record Retry(ExecutionId executionId) implements ExecutionTrigger {}
}
