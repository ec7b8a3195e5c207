package io.agentledger.api.task;

import io.agentledger.api.flow.FlowId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import java.time.Instant;
import java.util.List;

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

  /**
   * A call of the agent of a session.
   *
   * @param ancestors executions that the session belongs to, the nearest first
   * @param depth number of calls of agents that led to this execution, from 1
   * @param budget of all attempts together
   */
  @StableName("agent")
  record Agent(SessionId sessionId, List<ExecutionId> ancestors, int depth, Budget budget)
      implements ExecutionTrigger {
    public Agent {
      ancestors = List.copyOf(ancestors);
    }
  }

  /**
   * A webhook: a task that its trigger starts, or a step of a flow that it starts. Whatever depends
   * on the origin of an execution treats both alike.
   *
   * @param signed whether it is known to come from its provider
   * @param concurrencyKey digest; executions with the same one start one after another; empty: none
   * @param flowId flow of which it is a step; empty: none
   */
  @StableName("webhook")
  record Webhook(
      TriggerId triggerId,
      InboundDeliveryId deliveryId,
      boolean signed,
      String concurrencyKey,
      String flowId)
      implements ExecutionTrigger {}

  /** A step of a flow that a user started. */
  @StableName("flow")
  record Flow(FlowId flowId) implements ExecutionTrigger {}

  /** A request to repeat an execution that has ended. */
  @StableName("retry")
  record Retry(ExecutionId executionId) implements ExecutionTrigger {}
}
