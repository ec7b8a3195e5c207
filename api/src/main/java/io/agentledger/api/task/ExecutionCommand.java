package io.agentledger.api.task;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for executions of tasks. All of them are idempotent. */
@StableName("execution")
public sealed interface ExecutionCommand {
  /** Maximum number of executions of a tenant that have not ended. */
  int OPEN_MAX = 10_000;

  @TargetAggregateIdentifier
  ExecutionId executionId();

  /** Version of a task that is executed. */
  record TaskRef(TaskId taskId, long version, String name) {}

  /** Queues an execution and returns its {@link ExecutionId}. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("QueueExecution")
  record QueueExecution(
      ExecutionId executionId,
      TaskRef task,
      ExecutionPrincipal principal,
      ExecutionTrigger trigger,
      ExecutionOptions options,
      ExecutionRequest request,
      @Nullable Idempotency idempotency)
      implements ExecutionCommand, Idempotent {}

  /** Cancels an execution and its session; does nothing if it has ended. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("CancelExecution")
  record CancelExecution(ExecutionId executionId, @Nullable Idempotency idempotency)
      implements ExecutionCommand, Idempotent {
    public CancelExecution(ExecutionId executionId) {
      this(executionId, null);
    }
  }

  /** Starts an attempt; returns false if the execution has ended or is at another attempt. */
  @InternalOnly
  @StableName("StartExecution")
  record StartExecution(ExecutionId executionId, int attempt) implements ExecutionCommand {}

  /** Records whether the session of the current attempt waits for an answer. */
  @InternalOnly
  @StableName("RecordWait")
  record RecordWait(ExecutionId executionId, SessionId sessionId, boolean waiting)
      implements ExecutionCommand {}

  /** Records that the session of the current attempt has completed its query. */
  @InternalOnly
  @StableName("CompleteExecution")
  record CompleteExecution(ExecutionId executionId, SessionId sessionId)
      implements ExecutionCommand {}

  /**
   * Records that an attempt failed.
   *
   * @param retryable whether the cause may pass
   * @param retryAt time of the next attempt, if one is left
   */
  @InternalOnly
  @StableName("FailAttempt")
  record FailAttempt(
      ExecutionId executionId,
      int attempt,
      ExecutionFailure failure,
      boolean retryable,
      Instant retryAt)
      implements ExecutionCommand {}

  /**
   * Puts an attempt back into the queue, because a limit refused its session; it does not count.
   *
   * @param retryAt time at which the executions of its user are tried again
   */
  @InternalOnly
  @StableName("DeferAttempt")
  record DeferAttempt(
      ExecutionId executionId, int attempt, ExecutionFailure refusal, Instant retryAt)
      implements ExecutionCommand {}

  /** Ends an execution whose attempt exceeded its timeout. */
  @InternalOnly
  @StableName("TimeOutExecution")
  record TimeOutExecution(ExecutionId executionId, int attempt) implements ExecutionCommand {}
}
