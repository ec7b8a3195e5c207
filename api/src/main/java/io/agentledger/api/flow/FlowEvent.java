package io.agentledger.api.flow;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of a flow. */
public sealed interface FlowEvent {
  FlowId flowId();

  /** Events that begin a stage; replies show the last one. */
  sealed interface StageEvent extends FlowEvent {}

  /** Events between two stages, and about replies and branches. */
  sealed interface DetailEvent extends FlowEvent {}

  /**
   * The flow waits for its first execution.
   *
   * @param plan task that makes the plan; none without a plan
   * @param work task that does the work
   * @param sourceKey key of the item that the replies go to; empty: the flow does not reply
   * @param publishes whether the changes are published in a repository
   * @param approvalTimeout time for the decision, if one is required
   * @param definition {@link FlowDefinition} as JSON
   */
  @Revision("1")
  @StableName("FlowStarted")
  record FlowStarted(
      FlowId flowId,
      ExecutionPrincipal principal,
      FlowOrigin origin,
      List<TaskRef> plan,
      TaskRef work,
      String sourceKey,
      boolean publishes,
      boolean approvalRequired,
      Duration approvalTimeout,
      Content definition)
      implements StageEvent {
    public FlowStarted {
      plan = List.copyOf(plan);
    }
  }

  /** The execution of the plan has succeeded; the plan is read next. */
  @Revision("1")
  @StableName("PlanningCompleted")
  record PlanningCompleted(FlowId flowId) implements DetailEvent {}

  /**
   * The plan is known, and waits for a decision.
   *
   * @param decideUntil after which the flow ends
   */
  @Revision("1")
  @StableName("ApprovalRequested")
  record ApprovalRequested(FlowId flowId, Content plan, Instant decideUntil)
      implements StageEvent {}

  /** The plan is known, and needs no decision. */
  @Revision("1")
  @StableName("PlanRecorded")
  record PlanRecorded(FlowId flowId, Content plan) implements StageEvent {}

  /**
   * A user approved the plan.
   *
   * @param via comment that stated the decision; none for a request
   */
  @Revision("1")
  @StableName("FlowApproved")
  record FlowApproved(FlowId flowId, UserId userId, List<SourceDecision> via, Content reason)
      implements StageEvent {
    public FlowApproved {
      via = List.copyOf(via);
    }
  }

  /**
   * A user rejected the plan.
   *
   * @param via comment that stated the decision; none for a request
   */
  @Revision("1")
  @StableName("FlowRejected")
  record FlowRejected(FlowId flowId, UserId userId, List<SourceDecision> via, Content reason)
      implements StageEvent {
    public FlowRejected {
      via = List.copyOf(via);
    }
  }

  /** The execution of the work has succeeded; its files are published next. */
  @Revision("1")
  @StableName("PublishingStarted")
  record PublishingStarted(FlowId flowId) implements StageEvent {}

  /**
   * The result of the tests is known; again if it has changed before the pull request was opened.
   *
   * @param exitStatus of the command; -1 without one, or if the CLI reported none
   */
  @Revision("1")
  @StableName("TestsVerified")
  record TestsVerified(FlowId flowId, TestVerdict verdict, int exitStatus) implements DetailEvent {}

  /** The files were pushed. */
  @Revision("1")
  @StableName("BranchPushed")
  record BranchPushed(FlowId flowId, String branch, String commit) implements DetailEvent {}

  /** The pull request is open. */
  @Revision("1")
  @StableName("PullRequestOpened")
  record PullRequestOpened(FlowId flowId, long number, Content url) implements DetailEvent {}

  /** The branch of a flow that has not succeeded was deleted. */
  @Revision("1")
  @StableName("BranchDeleted")
  record BranchDeleted(FlowId flowId) implements DetailEvent {}

  /**
   * The branch of a flow that has not succeeded could not be deleted.
   *
   * @param code in snake case
   */
  @Revision("1")
  @StableName("BranchDeletionFailed")
  record BranchDeletionFailed(FlowId flowId, String code, Content message) implements DetailEvent {}

  /**
   * A reply is to be posted.
   *
   * @param number from 1
   */
  @Revision("1")
  @StableName("ReplyRequested")
  record ReplyRequested(FlowId flowId, int number) implements DetailEvent {}

  /** A reply was posted: the one comment of the flow was created or edited. */
  @Revision("1")
  @StableName("ReplyPosted")
  record ReplyPosted(FlowId flowId, int number, String commentId) implements DetailEvent {}

  /**
   * A reply was not posted, and is not tried again.
   *
   * @param code in snake case
   */
  @Revision("1")
  @StableName("ReplyFailed")
  record ReplyFailed(FlowId flowId, int number, String code, Content message)
      implements DetailEvent {}

  /** The work is done, and published if it was to be. */
  @Revision("1")
  @StableName("FlowSucceeded")
  record FlowSucceeded(FlowId flowId) implements StageEvent {}

  /**
   * The flow ended by a failure.
   *
   * @param code in snake case
   */
  @Revision("1")
  @StableName("FlowFailed")
  record FlowFailed(FlowId flowId, String code, Content message) implements StageEvent {}

  /** A user cancelled the flow or its execution, or another flow replaced it. */
  @Revision("1")
  @StableName("FlowCancelled")
  record FlowCancelled(FlowId flowId) implements StageEvent {}

  /** Nobody decided about the plan in time. */
  @Revision("1")
  @StableName("FlowTimedOut")
  record FlowTimedOut(FlowId flowId) implements StageEvent {}
}
