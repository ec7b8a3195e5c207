package io.agentledger.api.flow;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Flow: a plan, its approval, its execution, and what is published of it.
 *
 * @param owner user as whom its executions open sessions
 * @param plan execution of the plan; null without a plan
 * @param work execution of the work
 * @param decideUntil end of the time for the decision; null unless the plan waits for one
 * @param source item that the replies go to; null for none
 * @param branch that was pushed; null for none
 * @param pullRequestUrl null for none
 * @param error why it failed; null unless it did
 * @param costUsd cost of all sessions up to now, with those that their agents started
 * @param steps story in the order of time; empty in a list
 */
public record FlowView(
    FlowId id,
    FlowStatus status,
    UserId owner,
    FlowOrigin origin,
    @Nullable StepExecution plan,
    StepExecution work,
    @Nullable Instant decideUntil,
    @Nullable SourceReference source,
    @Nullable String branch,
    @Nullable String pullRequestUrl,
    @Nullable FlowFailure error,
    Money costUsd,
    Instant createdAt,
    @Nullable Instant endedAt,
    List<FlowStepView> steps) {
  public FlowView {
    steps = List.copyOf(steps);
  }

  /**
   * Execution of one step.
   *
   * @param executionId it exists once the step has begun
   * @param sessionId session of its last attempt; null before the first one
   * @param costUsd cost up to now
   */
  public record StepExecution(
      TaskRef task, ExecutionId executionId, @Nullable SessionId sessionId, Money costUsd) {}
}
