package io.agentledger.api.flow;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for flows. All of them are idempotent. */
@StableName("flow")
public sealed interface FlowCommand extends ApiCommand {
  /** Maximum number of flows of a tenant that have not ended. */
  int OPEN_MAX = 1000;

  /** Maximum number of flows of a trigger that have not ended. */
  int OPEN_OF_TRIGGER_MAX = 200;

  /** Maximum number of flows with the same concurrency key that have not ended. */
  int OPEN_WITH_KEY_MAX = 10;

  /** Maximum length of a plan, in characters. */
  int PLAN_LENGTH_MAX = 50_000;

  /** Maximum length of the reason of a decision, in characters. */
  int REASON_LENGTH_MAX = 2000;

  @TargetAggregateIdentifier
  FlowId flowId();

  /** Decision about a plan. */
  enum Decision {
    APPROVE,
    REJECT
  }

  /**
   * Starts a flow and returns its {@link FlowId}.
   *
   * @param exclusive whether the command is refused while a flow with the same concurrency key has
   *     not ended
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("StartFlow")
  record StartFlow(
      FlowId flowId,
      ExecutionPrincipal principal,
      FlowOrigin origin,
      FlowDefinition definition,
      boolean exclusive,
      @Nullable Idempotency idempotency)
      implements FlowCommand, Idempotent {
    /** Creates the command for a flow that others do not exclude. */
    public StartFlow(
        FlowId flowId,
        ExecutionPrincipal principal,
        FlowOrigin origin,
        FlowDefinition definition,
        @Nullable Idempotency idempotency) {
      this(flowId, principal, origin, definition, false, idempotency);
    }
  }

  /**
   * Decides about the plan as the caller; the first decision wins. The owner of the flow and users
   * who may change every session of the tenant may decide, and no agent.
   *
   * @param reason null for none
   * @param via comment that stated the decision; null: the caller's request did
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("DecideFlow")
  record DecideFlow(
      FlowId flowId,
      Decision decision,
      @Nullable String reason,
      @Nullable SourceDecision via,
      @Nullable Idempotency idempotency)
      implements FlowCommand, Idempotent {}

  /**
   * Decides about the plan as the user to whom an account at a provider is mapped. Returns whether
   * it was a decision: a comment changes nothing if it is of another account, of a user without the
   * right, or older than the plan, or if the owner of the trigger, who could have signed it, is
   * neither that user nor permitted to change every session of the tenant. A comment that decided
   * before is a decision.
   *
   * @param accountId id of the author's account at the provider
   * @param reason null for none
   * @param writtenAt when the comment was written
   * @param trigger user as whom the trigger of the delivery acts
   */
  @InternalOnly
  @StableName("DecideFlowFromSource")
  record DecideFlowFromSource(
      FlowId flowId,
      SourceProvider provider,
      String accountId,
      Decision decision,
      @Nullable String reason,
      Instant writtenAt,
      String triggerId,
      String deliveryId,
      ExecutionPrincipal trigger)
      implements FlowCommand {}

  /** Cancels a flow and its executions; does nothing if it has ended. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("CancelFlow")
  record CancelFlow(FlowId flowId, @Nullable Idempotency idempotency)
      implements FlowCommand, Idempotent {}

  /** Cancels a flow whose execution was cancelled, or replaced before it started. */
  @InternalOnly
  @StableName("RecordCancelledExecution")
  record RecordCancelledExecution(FlowId flowId) implements FlowCommand {}

  /** Records that the execution of the plan has succeeded. */
  @InternalOnly
  @StableName("CompletePlanning")
  record CompletePlanning(FlowId flowId) implements FlowCommand {}

  /**
   * Records the plan.
   *
   * @param at present time, from which the time for the decision counts
   */
  @InternalOnly
  @StableName("RecordPlan")
  record RecordPlan(FlowId flowId, String plan, Instant at) implements FlowCommand {}

  /** Ends a flow whose plan nobody decided about in time. */
  @InternalOnly
  @StableName("TimeOutFlow")
  record TimeOutFlow(FlowId flowId) implements FlowCommand {}

  /** Records that the execution of the work has succeeded. */
  @InternalOnly
  @StableName("CompleteWork")
  record CompleteWork(FlowId flowId) implements FlowCommand {}

  /**
   * Records the result of the tests of the work, before its files are published.
   *
   * @param exitStatus see {@link FlowEvent.TestsVerified}
   */
  @InternalOnly
  @StableName("RecordTests")
  record RecordTests(FlowId flowId, TestVerdict verdict, int exitStatus) implements FlowCommand {}

  /** Records a push; returns false if the flow has ended, so that the branch is to be deleted. */
  @InternalOnly
  @StableName("RecordBranch")
  record RecordBranch(FlowId flowId, String branch, String commit) implements FlowCommand {}

  /**
   * Records that nothing remains to be published.
   *
   * @param pullRequest null for none
   */
  @InternalOnly
  @StableName("CompletePublishing")
  record CompletePublishing(FlowId flowId, @Nullable PullRequestRef pullRequest)
      implements FlowCommand {}

  /** Pull request of a flow. */
  record PullRequestRef(long number, String url) {}

  /**
   * Records the deletion of the branch of a flow that has not succeeded.
   *
   * @param failure null if it was deleted
   */
  @InternalOnly
  @StableName("RecordBranchDeletion")
  record RecordBranchDeletion(FlowId flowId, @Nullable FlowFailure failure)
      implements FlowCommand {}

  /** Ends a flow because of a failure. */
  @InternalOnly
  @StableName("FailFlow")
  record FailFlow(FlowId flowId, FlowFailure failure) implements FlowCommand {}

  /**
   * Records that a reply was posted.
   *
   * @param number of the request
   * @param stage number of the last stage that it shows
   */
  @InternalOnly
  @StableName("RecordReply")
  record RecordReply(FlowId flowId, int number, int stage, String commentId)
      implements FlowCommand {}

  /**
   * Records that a reply was not posted, and is not tried again.
   *
   * @param number of the request
   * @param stage number of the last stage that it would have shown
   */
  @InternalOnly
  @StableName("RecordFailedReply")
  record RecordFailedReply(FlowId flowId, int number, int stage, FlowFailure failure)
      implements FlowCommand {}
}
