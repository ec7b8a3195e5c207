package io.agentledger.api.task;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for executions of tasks. All of them are idempotent. */
@StableName("execution")
public sealed interface ExecutionCommand extends ApiCommand {
  /** Maximum number of executions of a tenant that have not ended. */
  int OPEN_MAX = 10_000;

  @TargetAggregateIdentifier
  ExecutionId executionId();

  /** Version of a task that is executed. */
  record TaskRef(TaskId taskId, long version, String name) {}

  /**
   * Call of the agent of a session, which starts an execution.
   *
   * @param byExecution whether an execution sent the query of the agent's run, and not a user
   * @param budget of the new execution
   * @param reserved sum of the budgets of the session's executions in progress, from which {@code
   *     budget} was computed
   */
  record Delegation(SessionId sessionId, boolean byExecution, Budget budget, Money reserved) {}

  /**
   * Queues an execution and returns its {@link ExecutionId}.
   *
   * @param delegation null unless an agent starts it; its trigger replaces the given one
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("QueueExecution")
  record QueueExecution(
      ExecutionId executionId,
      TaskRef task,
      ExecutionPrincipal principal,
      ExecutionTrigger trigger,
      ExecutionOptions options,
      ExecutionRequest request,
      @Nullable Delegation delegation,
      @Nullable Idempotency idempotency)
      implements ExecutionCommand, Idempotent {
    /** Returns the same command as a call of an agent. */
    public QueueExecution with(Delegation call) {
      return new QueueExecution(
          executionId, task, principal, trigger, options, request, call, idempotency);
    }
  }

  /** Cancels an execution and its session; does nothing if it has ended. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("CancelExecution")
  record CancelExecution(ExecutionId executionId, @Nullable Idempotency idempotency)
      implements ExecutionCommand, Idempotent {
    public CancelExecution(ExecutionId executionId) {
      this(executionId, null);
    }
  }

  /** Cancels an execution because one that it belongs to was stopped. */
  @InternalOnly
  @StableName("CancelDescendant")
  record CancelDescendant(ExecutionId executionId) implements ExecutionCommand {}

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

  /**
   * Cancels an execution that waits for its first attempt, because another one replaces it; returns
   * whether it did.
   */
  @InternalOnly
  @StableName("SupersedeExecution")
  record SupersedeExecution(ExecutionId executionId) implements ExecutionCommand {}

  /** Ends an execution whose attempt exceeded its timeout. */
  @InternalOnly
  @StableName("TimeOutExecution")
  record TimeOutExecution(ExecutionId executionId, int attempt) implements ExecutionCommand {}
}
