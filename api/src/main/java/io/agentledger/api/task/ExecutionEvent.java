package io.agentledger.api.task;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import java.time.Instant;
import org.axonframework.serialization.Revision;

/** Events of an execution of a task. */
public sealed interface ExecutionEvent {
  ExecutionId executionId();

  /**
   * The execution waits for a slot.
   *
   * @param request {@link ExecutionRequest} as JSON
   */
  @Revision("1")
  @StableName("ExecutionQueued")
  record ExecutionQueued(
      ExecutionId executionId,
      TaskRef task,
      ExecutionPrincipal principal,
      ExecutionTrigger trigger,
      ExecutionOptions options,
      Content request)
      implements ExecutionEvent {}

  /**
   * An attempt starts; its session is opened next.
   *
   * @param attempt from 1
   */
  @Revision("1")
  @StableName("ExecutionStarted")
  record ExecutionStarted(
      ExecutionId executionId,
      TaskId taskId,
      int attempt,
      SessionId sessionId,
      ExecutionPrincipal principal,
      ExecutionOptions options)
      implements ExecutionEvent {}

  /** The session waits for an answer of a client. */
  @Revision("1")
  @StableName("ExecutionWaiting")
  record ExecutionWaiting(ExecutionId executionId) implements ExecutionEvent {}

  /** The session got its answer. */
  @Revision("1")
  @StableName("ExecutionContinued")
  record ExecutionContinued(ExecutionId executionId) implements ExecutionEvent {}

  /** An attempt failed, and another one follows. */
  @Revision("1")
  @StableName("AttemptFailed")
  record AttemptFailed(
      ExecutionId executionId, int attempt, ExecutionFailure failure, Instant retryAt)
      implements ExecutionEvent {}

  /**
   * A limit refused the session of an attempt, which does not count: it starts again later.
   *
   * @param retryAt latest time of the next try
   */
  @Revision("1")
  @StableName("AttemptDeferred")
  record AttemptDeferred(
      ExecutionId executionId, int attempt, ExecutionFailure refusal, Instant retryAt)
      implements ExecutionEvent {}

  /** The session completed its query. */
  @Revision("1")
  @StableName("ExecutionSucceeded")
  record ExecutionSucceeded(ExecutionId executionId) implements ExecutionEvent {}

  /** The last attempt failed. */
  @Revision("1")
  @StableName("ExecutionFailed")
  record ExecutionFailed(ExecutionId executionId, ExecutionFailure failure)
      implements ExecutionEvent {}

  /** A user cancelled the execution. */
  @Revision("1")
  @StableName("ExecutionCancelled")
  record ExecutionCancelled(ExecutionId executionId) implements ExecutionEvent {}

  /** An attempt exceeded its timeout. */
  @Revision("1")
  @StableName("ExecutionTimedOut")
  record ExecutionTimedOut(ExecutionId executionId) implements ExecutionEvent {}
}
