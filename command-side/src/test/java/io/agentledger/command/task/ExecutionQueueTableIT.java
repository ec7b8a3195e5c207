package io.agentledger.command.task;

import static io.agentledger.command.task.TaskFixtures.OPTIONS;
import static io.agentledger.command.task.TaskFixtures.PRINCIPAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaEvent.UserLimitsChanged;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.task.ExecutionEvent;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskId;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.task.ChildExecutions.Parent;
import io.agentledger.command.task.ExecutionClaims.ClaimedExecution;
import io.agentledger.command.task.ExecutionClaims.Slots;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Claims of queued executions, on a real PostgreSQL. */
class ExecutionQueueTableIT extends CommandTestSupport {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Autowired private ExecutionQueueTable queue;
  @Autowired private ExecutionClaims claims;
  @Autowired private ChildExecutions children;
  @Autowired private DefaultLimits defaultLimits;

  private final TenantId one = TenantId.next();
  private final TenantId other = TenantId.next();

  @BeforeEach
  void empty() {
    sql.sql("delete from execution_queue").update();
    sql.sql("delete from execution_delay").update();
    sql.sql("delete from execution_turn").update();
  }

  private ExecutionId queue(TenantId tenant, TaskId task, int priority, boolean exclusive) {
    var id = ExecutionId.next();
    sql.sql(
            """
            insert into execution_queue
              (execution_id, tenant, task_id, scheduled, exclusive, priority, status, attempt, due_at)
            values (?, ?, ?, ?, ?, ?, 'queued', 1, ?)""")
        .params(id.value(), tenant.value(), task.value(), exclusive, exclusive)
        .params(priority, Timestamp.from(NOW))
        .update();
    return id;
  }

  private ExecutionId queue(TenantId tenant, int priority) {
    return queue(tenant, TaskId.next(), priority, false);
  }

  private List<ClaimedExecution> claim(String node, int free) {
    return claims.claim(node, NOW, free, Set.of());
  }

  private void set(ExecutionId id, String status) {
    sql.sql("update execution_queue set status = ? where execution_id = ?")
        .params(status, id.value())
        .update();
  }

  @Test
  void firstExecutionOfATenantStartsWithinFiveSlotsOfALongQueue() {
    IntStream.range(0, 1000).forEach(i -> queue(one, 9));
    for (var claimed : claim("node", 5)) set(claimed.executionId(), "running");
    var late = queue(other, 0);
    assertThat(claim("node", 1)).map(ClaimedExecution::executionId).containsExactly(late);
  }

  @Test
  void tenantHasAtMostItsLimitInProgressOnAllNodes() {
    sql.sql("insert into execution_limit (tenant, executions) values (?, 3)")
        .param(one.value())
        .update();
    IntStream.range(0, 20).forEach(i -> queue(one, 9));
    queue(other, 0);
    var attempts =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> claim("node" + i, 5)))
            .toList();
    var claimed = attempts.stream().flatMap(claim -> claim.join().stream()).toList();
    assertThat(claimed).filteredOn(execution -> execution.tenant().equals(one)).hasSize(3);
    assertThat(claimed).as("another tenant has its own limit").hasSize(4);
    var again = claims.claim("node9", NOW.plus(Duration.ofHours(1)), 20, Set.of());
    assertThat(again).as("starts that were cut off do not block themselves").hasSize(4);
    var ids = claimed.stream().map(ClaimedExecution::executionId).toList();
    var waiting = claimed.stream().filter(execution -> execution.tenant().equals(one)).toList();
    set(waiting.getFirst().executionId(), "waiting");
    assertThat(claims.claim("node9", NOW, 20, ids)).as("one that waits does not count").hasSize(1);
  }

  @Test
  void usersOfATenantTakeTurnsWhateverTheirPriorities() {
    var ada = IntStream.range(0, 1000).mapToObj(i -> queue(one, 9)).toList();
    sql.sql("update execution_queue set user_id = 'ada'").update();
    var mine = List.of(queue(one, 0), queue(one, 1));
    var claimed = claim("node", 2).stream().map(ClaimedExecution::executionId).toList();
    assertThat(claimed).hasSize(2).contains(mine.getLast()).containsAnyElementsOf(ada);
    for (var execution : claimed) // They end at once, so nobody has one in progress.
    sql.sql("delete from execution_queue where execution_id = ?").param(execution.value()).update();
    var next = claims.claim("node", NOW.plusSeconds(1), 1, Set.of()).getFirst().executionId();
    set(next, "waiting");
    var last = claims.claim("node", NOW.plusSeconds(2), 1, Set.of()).getFirst().executionId();
    assertThat(List.of(next, last)).contains(mine.getFirst()).containsAnyElementsOf(ada);
  }

  @Test
  void userHasAtMostTheirLimitInProgress() {
    var user = UserId.next();
    var limits = defaultLimits.tenantLimits().perUser();
    IntStream.range(0, limits.tasks() + 5).forEach(i -> queue(one, 5));
    sql.sql("update execution_queue set user_id = ?").param(user.value()).update();
    queue(one, 0);
    assertThat(claim("node", 50)).as("colleagues have their own").hasSize(limits.tasks() + 1);
    setLimit(user, limits, limits.tasks() + 2);
    var ids =
        sql
            .sql("select execution_id from execution_queue where status = 'starting'")
            .query(String.class)
            .list()
            .stream()
            .map(ExecutionId::new)
            .toList();
    assertThat(claims.claim("node", NOW, 50, ids)).hasSize(2);
  }

  private void setLimit(UserId user, UserLimits limits, int tasks) {
    var changed =
        new UserLimitsChanged(
            QuotaId.of(one),
            user,
            new UserLimits(
                limits.sessions(),
                tasks,
                limits.storageMib(),
                limits.workspaceMib(),
                limits.callsPerMinute(),
                limits.callsPerHour(),
                limits.budget()),
            1);
    DefaultUnitOfWork.startAndGet(new GenericEventMessage<>(changed))
        .execute(() -> queue.on(changed, one));
  }

  @Test
  void higherPriorityStartsFirst() {
    queue(one, 1);
    var urgent = queue(one, 8);
    assertThat(claim("node", 1)).map(ClaimedExecution::executionId).containsExactly(urgent);
  }

  @Test
  void eachExecutionIsClaimedByOneNode() {
    IntStream.range(0, 100).forEach(i -> queue(one, 5));
    var nodes =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          var claimed = new ArrayList<ClaimedExecution>();
                          for (int round = 0; round < 10; round++)
                            claimed.addAll(claimFor("node" + i, claimed));
                          return claimed;
                        }))
            .toList();
    var all = nodes.stream().flatMap(node -> node.join().stream()).toList();
    assertThat(all).map(ClaimedExecution::executionId).doesNotHaveDuplicates();
    assertThat(all).isNotEmpty();
  }

  private List<ClaimedExecution> claimFor(String node, List<ClaimedExecution> before) {
    return claims.claim(node, NOW, 5, before.stream().map(ClaimedExecution::executionId).toList());
  }

  @Test
  void startThatWasCutOffIsClaimedAgain() {
    var id = queue(one, 5);
    claim("node", 1);
    assertThat(claims.claim("node", NOW, 1, Set.of(id))).as("it is still starting").isEmpty();
    assertThat(claim("other", 1)).as("the start may be in progress").isEmpty();
    assertThat(claim("node", 1)).map(ClaimedExecution::executionId).containsExactly(id);
    assertThat(claims.claim("other", NOW.plus(Duration.ofHours(1)), 1, Set.of()))
        .as("the node is gone")
        .map(ClaimedExecution::executionId)
        .containsExactly(id);
  }

  @Test
  void executionThatWaitsForADecisionHoldsNoSlot() {
    var id = queue(one, 5);
    claim("node", 1);
    set(id, "running");
    assertThat(claims.findSlots("node", NOW, Set.of()).held()).isOne();
    set(id, "waiting");
    assertThat(claims.findSlots("node", NOW, Set.of())).isEqualTo(new Slots(0, false));
  }

  @Test
  void childOfAnExecutionStartsWhenItsParentsHoldAllSlots() {
    var root = queue(one, 5);
    claim("node", 1);
    set(root, "running");
    var child = queueChild(1, List.of(root));
    queueChild(1, List.of(root));
    queue(TenantId.next(), 9);
    assertThat(claim("node", 0)).map(ClaimedExecution::executionId).hasSize(1).doesNotContain(root);
    var grandchild = queueChild(2, List.of(child, root));
    assertThat(claim("node", -1)).map(ClaimedExecution::executionId).containsExactly(grandchild);
    assertThat(claim("node", -2)).as("none is that deep").isEmpty();
  }

  private ExecutionId queueChild(int depth, List<ExecutionId> ancestors) {
    var id = queue(one, 5);
    sql.sql("update execution_queue set depth = ?, ancestors = ? where execution_id = ?")
        .param(depth)
        .param(ancestors.stream().map(ExecutionId::value).toArray(String[]::new))
        .param(id.value())
        .update();
    return id;
  }

  @Test
  void exclusiveExecutionWaitsForTheEarlierOnesOfItsTask() {
    var task = TaskId.next();
    var first = queue(one, task, 5, true);
    var second = queue(one, task, 5, true);
    var earlier = first.value().compareTo(second.value()) < 0 ? first : second;
    assertThat(claim("node", 5)).map(ClaimedExecution::executionId).containsExactly(earlier);
    set(earlier, "waiting");
    assertThat(claim("node", 5)).isEmpty();
    sql.sql("delete from execution_queue where execution_id = ?").param(earlier.value()).update();
    assertThat(claim("node", 5)).hasSize(1);
  }

  @Test
  void descendantsOfAnExecutionAreFoundAcrossOnesThatHaveEnded() {
    var root = queue(one, 5);
    var session = root.sessionOf(1);
    handle(new ExecutionStarted(root, TaskId.next(), 1, session, PRINCIPAL, OPTIONS));
    assertThat(children.findParent(session)).as("it has not started").isEmpty();
    set(root, "waiting");
    assertThat(children.findParent(session)).contains(new Parent(root, List.of(), 0));
    var ended = ExecutionId.next();
    var budget = new Budget.Limited(Money.ofUsd("0.5"));
    var trigger = new ExecutionTrigger.Agent(session, List.of(root, ended), 2, budget);
    var below = ExecutionId.next();
    handle(TaskFixtures.queued(below, trigger, 5));
    assertThat(children.listDescendants(root)).containsExactly(below);
    assertThat(children.listDescendants(below)).isEmpty();
    assertThat(children.sumBudgets(session)).isEqualTo(budget.limitUsd());
    handle(new ExecutionCancelled(below));
    assertThat(children.listDescendants(root)).isEmpty();
    assertThat(children.sumBudgets(session)).isEqualTo(Money.ZERO);
  }

  @Test
  void onlyFailuresOfTheScheduleCount() {
    var task = TaskId.next();
    fail(queue(one, task, 5, false));
    assertThat(queue.countFailures(task)).isZero();
    fail(queue(one, task, 5, true));
    fail(queue(one, task, 5, true));
    assertThat(queue.countFailures(task)).isEqualTo(2);
  }

  private void fail(ExecutionId id) {
    handle(new ExecutionFailed(id, new ExecutionFailure("cli", "It failed.")));
  }

  private void handle(ExecutionEvent event) {
    var message =
        new GenericDomainEventMessage<>("Execution", event.executionId().value(), 1, event);
    DefaultUnitOfWork.startAndGet(message).execute(() -> queue.on(event, one, message));
  }

  @Test
  void limitOfAUserDelaysNobodyElseUntilARunEnds() {
    var refused = queue(one, 9);
    sql.sql("update execution_queue set user_id = 'ada'").update();
    var colleague = queue(one, 0);
    var stranger = queue(other, 0);
    var failure = new ExecutionFailure("limit_reached", "The limit is reached.");
    claim("node", 1);
    handle(new AttemptDeferred(refused, 1, failure, NOW.plusSeconds(30)));
    assertThat(claim("node", 5))
        .map(ClaimedExecution::executionId)
        .containsExactlyInAnyOrder(colleague, stranger);
    var settled = new ReservationSettled(QuotaId.of(one), RunId.next(), Money.ZERO, true);
    var wakeups = new AtomicInteger();
    var onOtherNode = new ExecutionQueueTable(sql, wakeups::incrementAndGet);
    for (int i = 0; i < 2; i++)
      DefaultUnitOfWork.startAndGet(new GenericEventMessage<>(settled))
          .execute(() -> onOtherNode.on(settled, one));
    assertThat(wakeups).as("the second end permits nothing more").hasValue(1);
    assertThat(claim("node", 5)).contains(new ClaimedExecution(refused, one, 1));
  }
}
