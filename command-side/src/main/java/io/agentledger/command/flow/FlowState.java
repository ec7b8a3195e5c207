package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand.PullRequestRef;
import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Flow as its events describe it, with decrypted texts, for the saga and the jobs.
 *
 * @param stage number of its stages up to now
 * @param plan null before it is known
 * @param decideUntil null unless the plan waited for a decision
 * @param reason of the decision; null for none
 * @param decidedBy delivery whose comment decided; null for none
 * @param tests last recorded verdict; null without one
 * @param branch that was pushed; null for none
 * @param pullRequest null for none
 * @param failure null unless it failed
 * @param commentId comment of the flow at the provider; null before it was created
 */
record FlowState(
    FlowId flowId,
    ExecutionPrincipal principal,
    FlowOrigin origin,
    FlowDefinition definition,
    FlowStatus status,
    int stage,
    @Nullable String plan,
    @Nullable Instant decideUntil,
    @Nullable String reason,
    @Nullable String decidedBy,
    @Nullable TestVerdict tests,
    @Nullable String branch,
    @Nullable PullRequestRef pullRequest,
    @Nullable FlowFailure failure,
    @Nullable String commentId) {}
