package io.agentledger.command.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.Budget;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.TaskRejection.ParentEnded;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.Delegation;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionCommand.RecordWait;
import io.agentledger.api.task.ExecutionCommand.StartExecution;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskId;
import io.agentledger.command.CommandTestSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Races of a child that is being queued with the events of its parent, on a real PostgreSQL. */
class ChildExecutionsIT extends CommandTestSupport {
  private static final String EVENT_ORDER = "7309453671";

  @Autowired private PlatformTransactionManager transactionManager;
  @Autowired private ExecutionQueueTable queue;
  @Autowired private ExecutionCommandSender sender;

  private final Caller user = newCaller();
  private final TaskId task = TaskId.next();
  private final ExecutionId parent = ExecutionId.next();
  private final ExecutionId child = ExecutionId.next();

  @BeforeEach
  void startParent() {
    send(queue(parent), user);
    sender.send(user.tenant(), new StartExecution(parent, 1));
    sql.sql("update execution_queue set status = 'running' where execution_id = ?")
        .param(parent.value())
        .update();
  }

  private QueueExecution queue(ExecutionId id) {
    return new QueueExecution(
        id,
        new TaskRef(task, 1, "one"),
        ExecutionPrincipal.of(user),
        new ExecutionTrigger.Manual(),
        TaskFixtures.OPTIONS,
        TaskFixtures.REQUEST,
        null,
        null);
  }

  private Object queueChild() {
    var call = new Delegation(parent.sessionOf(1), true, new Budget.Unlimited(), Money.ZERO);
    return send(queue(child).with(call), user);
  }

  private Object cancelParent() {
    return Objects.requireNonNullElse(send(new CancelExecution(parent), user), "cancelled");
  }

  /** Sends commands in this order: each waits to append its events until all have decided. */
  @SafeVarargs
  private List<CompletableFuture<Object>> sendAtOnce(Supplier<Object>... sends) {
    var transactions = new TransactionTemplate(transactionManager);
    return Objects.requireNonNull(
        transactions.execute(
            transaction -> {
              sql.sql("select pg_advisory_xact_lock(" + EVENT_ORDER + ")")
                  .query((row, n) -> true)
                  .single();
              var sent = new ArrayList<CompletableFuture<Object>>();
              for (var send : sends) {
                sent.add(CompletableFuture.supplyAsync(send, Thread::startVirtualThread));
                await().until(this::countWaiting, waiting -> waiting >= sent.size());
              }
              return List.copyOf(sent);
            }));
  }

  private int countWaiting() {
    return owner()
        .sql(
            """
            select count(*) from pg_locks where locktype = 'advisory' and not granted
            and database = (select oid from pg_database where datname = current_database())
            and (classid::bigint << 32 | objid::bigint) = ?::bigint""")
        .param(EVENT_ORDER)
        .query(Integer.class)
        .single();
  }

  private List<Object> events(ExecutionId id) {
    return store
        .readEvents(id.value())
        .asStream()
        .<Object>map(DomainEventMessage::getPayload)
        .toList();
  }

  @Test
  void parentContinuesWhileAChildIsQueued() {
    sender.send(user.tenant(), new RecordWait(parent, parent.sessionOf(1), true));
    var sent =
        sendAtOnce(
            () -> {
              sender.send(user.tenant(), new RecordWait(parent, parent.sessionOf(1), false));
              return "continued";
            },
            this::queueChild);
    sent.forEach(CompletableFuture::join);
    assertThat(queue.listOpen(task)).containsExactlyInAnyOrder(parent, child);
  }

  @Test
  void noChildIsQueuedAfterTheEndOfItsParent() {
    var sent = sendAtOnce(this::cancelParent, this::queueChild);
    sent.getFirst().join();
    assertThatThrownBy(() -> sent.getLast().join())
        .rootCause()
        .hasMessageContaining(new ParentEnded().message());
    assertThat(events(child)).isEmpty();
    assertThat(queue.listOpen(task)).isEmpty();
  }

  @Test
  void childThatWasQueuedBeforeTheEndOfItsParentIsCancelled() {
    sendAtOnce(this::queueChild, this::cancelParent).forEach(CompletableFuture::join);
    await()
        .untilAsserted(
            () -> assertThat(events(child)).last().isEqualTo(new ExecutionCancelled(child)));
    assertThat(queue.listOpen(task)).isEmpty();
  }
}
