package io.agentledger.command.task;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.ops.DatabaseOutage;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.QuotaRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.task.ExecutionCommand.DeferAttempt;
import io.agentledger.api.task.ExecutionCommand.FailAttempt;
import io.agentledger.api.task.ExecutionCommand.StartExecution;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskCommand.SuspendTask;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.api.task.TaskSessionOpener.ExecutionLimits;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.task.ExecutionClaims.ClaimedExecution;
import io.agentledger.command.task.TaskReader.QueuedExecution;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.axonframework.messaging.HandlerExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts one attempt of an execution: opens its session as its user. Idempotent, because the id of
 * the session is derived from the attempt.
 */
final class ExecutionStarter {
  private static final Logger log = LoggerFactory.getLogger(ExecutionStarter.class);

  /** Longer than the staging of a workspace takes. */
  private static final Duration OPEN_TIMEOUT = Duration.ofMinutes(10);

  private final TaskReader reader;
  private final TenantMembership members;
  private final Supplier<@Nullable TaskSessionOpener> opener;
  private final ExecutionCommandSender commands;
  private final Clock clock;

  ExecutionStarter(
      TaskReader reader,
      TenantMembership members,
      Supplier<@Nullable TaskSessionOpener> opener,
      ExecutionCommandSender commands,
      Clock clock) {
    this.reader = reader;
    this.members = members;
    this.opener = opener;
    this.commands = commands;
    this.clock = clock;
  }

  /** Delay after a deferred start, unless a run ends before. */
  private static final Duration DEFER_DELAY = Duration.ofSeconds(30);

  /** Reaction to a failed start. */
  private enum Consequence {
    /** The execution ends, and its schedule is paused. */
    FAIL,
    /** Only the execution ends. */
    END,
    RETRY,
    /**
     * The execution waits until the limit permits its session, or until the replay of what the
     * session needs has ended. It uses no attempt.
     */
    DEFER
  }

  /** Cause of a failed start. */
  private record StartFailure(ExecutionFailure failure, Consequence consequence) {}

  /** Returns whether this node has the component that opens sessions. */
  boolean canStart() {
    return opener.get() != null;
  }

  /** Starts an attempt; throws if the database is not available, so that it is claimed again. */
  void start(ClaimedExecution claimed) {
    boolean current =
        commands.send(
            claimed.tenant(), new StartExecution(claimed.executionId(), claimed.attempt()));
    if (!current) return; // It has ended meanwhile.
    var queued = reader.readQueued(claimed.executionId());
    try {
      open(claimed, queued);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The node stops; the next claim continues.
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      if (DatabaseOutage.findCause(e).isPresent()) throw new IllegalStateException(e);
      if (Thread.currentThread().isInterrupted()) return;
      fail(claimed, queued, toFailure(e));
    }
  }

  private void open(ClaimedExecution claimed, QueuedExecution queued)
      throws InterruptedException, ExecutionException, TimeoutException {
    var principal = queued.event().principal();
    var trigger = queued.event().trigger();
    var role = members.findActiveRole(claimed.tenant(), principal.userId());
    if (role.isEmpty()) {
      fail(claimed, queued, inactive(members.isSuspended(claimed.tenant())));
      return;
    }
    Objects.requireNonNull(opener.get())
        .open(
            trigger instanceof ExecutionTrigger.Webhook webhook
                ? principal.toCaller(claimed.tenant(), role.get(), webhook.triggerId())
                : principal.toCaller(claimed.tenant(), role.get()),
            Ids.random("req"),
            claimed.executionId().sessionOf(claimed.attempt()),
            new SessionOrigin.Task(claimed.executionId().value()),
            queued.request(),
            toLimits(trigger))
        .toCompletableFuture()
        .get(OPEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A schedule continues with its tenant, but not with a user who is disabled. */
  private static StartFailure inactive(boolean isTenantSuspended) {
    return isTenantSuspended
        ? new StartFailure(
            new ExecutionFailure(
                "tenant_suspended",
                "The tenant is suspended. Start the task again when it is resumed."),
            Consequence.END)
        : new StartFailure(
            new ExecutionFailure(
                "user_inactive",
                "The user of the execution is disabled or has left the tenant. Enable the user, or"
                    + " create the task as another one."),
            Consequence.FAIL);
  }

  private static ExecutionLimits toLimits(ExecutionTrigger trigger) {
    return switch (trigger) {
      case ExecutionTrigger.Agent agent -> new ExecutionLimits(agent.budget(), false);
      case ExecutionTrigger.Webhook webhook ->
          new ExecutionLimits(new Budget.Unlimited(), !webhook.signed());
      case ExecutionTrigger.Manual _,
          ExecutionTrigger.Schedule _,
          ExecutionTrigger.Retry _,
          ExecutionTrigger.Flow _ ->
          new ExecutionLimits(new Budget.Unlimited(), false);
    };
  }

  private static StartFailure toFailure(Exception exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause())
      if (cause instanceof HandlerExecutionException handler
          && handler.getDetails().orElse(null) instanceof Rejection rejection)
        return new StartFailure(
            new ExecutionFailure(rejection.code(), rejection.message()),
            switch (rejection) {
              case QuotaRejection.LimitReached _, OpsRejection.ProjectionRebuilding _ ->
                  Consequence.DEFER;
              case Rejection.Busy _ -> Consequence.RETRY;
              default -> Consequence.FAIL;
            });
    log.atWarn().setCause(exception).log("could not open the session of an execution");
    return new StartFailure(
        new ExecutionFailure("start_failed", "The session of the execution could not be opened."),
        Consequence.RETRY);
  }

  private void fail(ClaimedExecution claimed, QueuedExecution queued, StartFailure startFailure) {
    TenantId tenant = claimed.tenant();
    var execution = claimed.executionId();
    var failure = startFailure.failure();
    if (startFailure.consequence() == Consequence.DEFER) {
      var retryAt = clock.instant().plus(DEFER_DELAY);
      commands.send(tenant, new DeferAttempt(execution, claimed.attempt(), failure, retryAt));
      return;
    }
    boolean retryable = startFailure.consequence() == Consequence.RETRY;
    var retryAt = RetryBackoff.next(queued.event().options(), claimed.attempt(), clock.instant());
    commands.send(
        tenant, new FailAttempt(execution, claimed.attempt(), failure, retryable, retryAt));
    if (startFailure.consequence() == Consequence.FAIL
        && queued.event().trigger() instanceof ExecutionTrigger.Schedule)
      commands.send(tenant, new SuspendTask(queued.event().task().taskId(), failure.message()));
  }
}
