package io.agentledger.command.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.task.ExecutionClaims.ClaimedExecution;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.queryhandling.QueryExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Cancellations while an execution starts, on a real PostgreSQL. */
class ExecutionStarterIT extends CommandTestSupport {
  @Autowired private TaskReader reader;
  @Autowired private ExecutionQueueTable queue;
  @Autowired private TenantMembership members;
  @Autowired private ExecutionCommandSender sender;

  private final Caller user = newCaller();
  private final TaskId task = TaskId.next();
  private final ExecutionId execution = ExecutionId.next();
  private final SessionId session = execution.sessionOf(1);

  @BeforeEach
  void queue() {
    sql.sql("insert into identity_user (user_id, tenant, role, disabled) values (?, ?, ?, false)")
        .params(user.user().value(), user.tenant().value(), user.role().name())
        .update();
    send(
        new QueueExecution(
            execution,
            new TaskRef(task, 1, "one"),
            ExecutionPrincipal.of(user),
            new ExecutionTrigger.Manual(),
            TaskFixtures.OPTIONS,
            TaskFixtures.REQUEST,
            null,
            null),
        user);
  }

  private void cancel() {
    send(new CancelExecution(execution), user);
  }

  private void open(SessionOrigin origin) {
    send(
        new OpenSession(
            session,
            user.user(),
            ThreadId.next(),
            origin,
            SessionSpec.NONE,
            WorkspaceSpec.empty(),
            List.of(prompt("hello")),
            null),
        user);
  }

  /** Opener of sessions that are never checked beforehand. */
  @FunctionalInterface
  private interface Opener extends TaskSessionOpener {
    @Override
    default CompletionStage<CheckedSession> check(
        Caller caller, String requestId, ExecutionRequest request, boolean readOnly) {
      throw new IllegalStateException("an execution was checked");
    }
  }

  private void start(Opener opener) {
    new ExecutionStarter(reader, members, () -> opener, sender, Clock.systemUTC())
        .start(new ClaimedExecution(execution, user.tenant(), 1));
  }

  private List<Object> events() {
    return store
        .readEvents(execution.value())
        .asStream()
        .<Object>map(DomainEventMessage::getPayload)
        .toList();
  }

  private void assertCancelledAndClosed() {
    await().untilAsserted(() -> assertThat(eventNames(session)).contains("SessionClosed"));
    assertThat(events())
        .extracting(Object::getClass)
        .isEqualTo(
            List.of(ExecutionQueued.class, ExecutionStarted.class, ExecutionCancelled.class));
    assertThat(queue.listOpen(task)).isEmpty();
  }

  @Test
  void sessionThatOpensAfterTheCancellationIsClosed() {
    start(
        (caller, requestId, newSession, origin, request, budget) -> {
          cancel();
          open(origin);
          return CompletableFuture.completedFuture(null);
        });
    assertCancelledAndClosed();
  }

  @Test
  void sessionThatHasJustOpenedIsClosedByTheCancellation() {
    start(
        (caller, requestId, newSession, origin, request, budget) -> {
          open(origin);
          cancel();
          return CompletableFuture.completedFuture(null);
        });
    assertCancelledAndClosed();
  }

  @Test
  void openingThatFailsAfterTheCancellationChangesNothing() {
    start(
        (caller, requestId, newSession, origin, request, budget) -> {
          cancel();
          return CompletableFuture.failedFuture(new IllegalStateException("no disk"));
        });
    assertThat(events()).last().isEqualTo(new ExecutionCancelled(execution));
  }

  @Test
  void executionWaitsWhileWhatItsSessionNeedsIsReplayed() {
    start(
        (caller, requestId, newSession, origin, request, budget) ->
            CompletableFuture.failedFuture(
                new QueryExecutionException(
                    "refused", null, new OpsRejection.ProjectionRebuilding("agent"))));
    assertThat(events().getLast())
        .isInstanceOfSatisfying(
            AttemptDeferred.class,
            deferred -> {
              assertThat(deferred.refusal().code()).isEqualTo("projection_rebuilding");
              assertThat(deferred.attempt()).isEqualTo(1);
            });
    assertThat(queue.listOpen(task)).containsExactly(execution);
  }

  @Test
  void executionThatIsCancelledAfterItsClaimOpensNoSession() {
    var opened = new AtomicInteger();
    cancel();
    start(
        (caller, requestId, newSession, origin, request, budget) -> {
          opened.incrementAndGet();
          return CompletableFuture.completedFuture(null);
        });
    assertThat(opened).hasValue(0);
  }

  @Test
  void executionOfASuspendedTenantOpensNoSessionAndFailsWithTheReason() {
    setSuspended(user.tenant(), true);
    start(
        (caller, requestId, newSession, origin, request, budget) -> {
          throw new IllegalStateException("a session was opened");
        });
    assertThat(events().getLast())
        .isInstanceOfSatisfying(
            ExecutionFailed.class,
            failed -> assertThat(failed.failure().code()).isEqualTo("tenant_suspended"));
  }
}
