package io.agentledger.api.flow;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.task.ExecutionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Step of a flow's story.
 *
 * @param actor user, agent or service that caused it
 * @param from from where a decision came; null for other steps
 * @param executionId null unless the step is an attempt of an execution
 * @param sessionId session of the attempt; null for other steps
 * @param costUsd cost of the session up to now; null for other steps
 * @param code of a failure, in snake case; null without one
 * @param text reason of a decision, or message of a failure; null without one
 * @param url of what the step created; null without one
 * @param branch that was pushed; null for other steps
 * @param exitStatus of the command for the tests; null for other steps, and if it is unknown
 */
public record FlowStepView(
    Instant at,
    Kind kind,
    Actor actor,
    @Nullable DecisionSource from,
    @Nullable ExecutionId executionId,
    @Nullable SessionId sessionId,
    @Nullable Money costUsd,
    @Nullable String code,
    @Nullable String text,
    @Nullable String url,
    @Nullable String branch,
    @Nullable Integer exitStatus) {
  /** Kind of a step. */
  public enum Kind {
    STARTED,
    /** The session of an attempt starts. */
    SESSION_STARTED,
    SESSION_ENDED,
    PLAN_READY,
    APPROVAL_REQUESTED,
    APPROVED,
    REJECTED,
    PUBLISHING_STARTED,
    /** The recorded result of the tests; without a code, they passed. */
    TESTS_VERIFIED,
    BRANCH_PUSHED,
    PULL_REQUEST_OPENED,
    BRANCH_DELETED,
    BRANCH_DELETION_FAILED,
    REPLIED,
    REPLY_FAILED,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    TIMED_OUT
  }

  /**
   * Client or identity that stated a decision.
   *
   * @param sourceIdentityId account at a provider; null for a request to the API
   * @param triggerId trigger that received the comment; null for a request to the API
   * @param deliveryId delivery with the comment; null for a request to the API
   * @param ip address of the client; null if it is unknown
   * @param userAgent of the client; null if it is unknown
   */
  public record DecisionSource(
      @Nullable SourceIdentityId sourceIdentityId,
      @Nullable String triggerId,
      @Nullable String deliveryId,
      @Nullable String ip,
      @Nullable String userAgent) {}
}
