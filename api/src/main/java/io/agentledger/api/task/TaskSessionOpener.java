package io.agentledger.api.task;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Port that opens the sessions of executions, with the validation and the templates of a client's
 * request.
 */
public interface TaskSessionOpener {
  /**
   * Opens a session and submits its prompt. Idempotent by the id of the session.
   *
   * @param caller user whose session it becomes
   * @param requestId id of the request in the events
   * @param limits of all attempts of the execution together
   * @return completes exceptionally with a {@link io.agentledger.api.shared.RejectionException} if
   *     the request is not valid any more
   */
  CompletionStage<Void> open(
      Caller caller,
      String requestId,
      SessionId newSession,
      SessionOrigin.Task origin,
      ExecutionRequest request,
      ExecutionLimits limits);

  /**
   * Limits of an execution.
   *
   * @param readOnly whether the session is refused unless its agent can only read its workspace
   */
  record ExecutionLimits(Budget budget, boolean readOnly) {}

  /**
   * Session that could be opened, in which templates are resolved.
   *
   * @param repositoryUrl repository that its workspace is cloned from; null for none
   */
  record CheckedSession(@Nullable String repositoryUrl) {}

  /**
   * Checks whether the session of a request could be opened now.
   *
   * @param readOnly whether its agent must be one that can only read its workspace
   * @return completes exceptionally as {@link #open} does
   */
  CompletionStage<CheckedSession> check(
      Caller caller, String requestId, ExecutionRequest request, boolean readOnly);
}
