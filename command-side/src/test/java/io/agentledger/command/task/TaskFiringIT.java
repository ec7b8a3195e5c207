package io.agentledger.command.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.FailAttempt;
import io.agentledger.api.task.ExecutionCommand.RecordWait;
import io.agentledger.api.task.ExecutionCommand.StartExecution;
import io.agentledger.api.task.ExecutionCommand.TimeOutExecution;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskCommand.CreateTask;
import io.agentledger.api.task.TaskCommand.PauseTask;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import io.agentledger.api.task.TaskEvent.TaskPaused;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSchedule.MissedRuns;
import io.agentledger.api.task.TaskSchedule.Overlap;
import io.agentledger.api.task.TaskSchedule.Timing;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.TenantSuspendedException;
import io.agentledger.command.task.ExecutionClaims.ClaimedExecution;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Firings of schedules, on a real PostgreSQL. */
class TaskFiringIT extends CommandTestSupport {
  @Autowired private TaskReader reader;
  @Autowired private ExecutionQueueTable queue;
  @Autowired private ExecutionClaims claims;
  @Autowired private TenantMembership members;
  @Autowired private ExecutionCommandSender sender;
  @Autowired private DataSource database;

  private final Caller owner =
      Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);

  private TaskId create(Timing timing, MissedRuns missedRuns, Overlap overlap) {
    sql.sql(
            """
            insert into identity_user (user_id, tenant, role, disabled)
            values (?, ?, 'MEMBER', false) on conflict do nothing""")
        .params(owner.user().value(), owner.tenant().value())
        .update();
    var properties =
        new TaskProperties(
            TaskSharing.PRIVATE,
            List.of(),
            "one",
            "",
            List.of(),
            ExecutionPrincipal.of(owner),
            new TaskSchedule(timing, missedRuns, overlap));
    var id = TaskId.next();
    return send(new CreateTask(id, owner.user(), properties, TaskFixtures.DEFINITION, null), owner);
  }

  private TaskFiring firingAt(Instant now) {
    return new TaskFiring(reader, queue, members, sender, Clock.fixed(now, ZoneOffset.UTC));
  }

  private List<Object> eventsOf(String id) {
    return store.readEvents(id).asStream().<Object>map(DomainEventMessage::getPayload).toList();
  }

  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Timing HOURLY = new Timing.Interval(3600, START);

  private static Instant hour(int hours) {
    return START.plus(Duration.ofHours(hours));
  }

  @Test
  void timeStartsOneExecutionOnTwoNodes() {
    // The database rounds the time of the job up.
    var at = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS).plusNanos(600);
    try (var other = scheduler("other-node")) {
      var tasks =
          IntStream.range(0, 20)
              .mapToObj(i -> create(new Timing.Once(at), MissedRuns.SKIP, Overlap.SKIP))
              .toList();
      for (var task : tasks) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(queue.listOpen(task)).hasSize(1));
        var execution = queue.listOpen(task).getFirst();
        assertThat(execution).isEqualTo(ExecutionId.ofSchedule(task, at));
        assertThat(eventsOf(execution.value())).hasSize(1);
      }
    }
  }

  private AutoCloseableScheduler scheduler(String node) {
    var scheduler =
        Scheduler.create(
                new TransactionAwareDataSourceProxy(database),
                new TaskFiring(reader, queue, members, sender, Clock.systemUTC()).task())
            .schedulerName(new SchedulerName.Fixed(node))
            .serializer(new Jackson3Serializer())
            .pollingInterval(Duration.ofMillis(100))
            .build();
    scheduler.start();
    return scheduler::stop;
  }

  private interface AutoCloseableScheduler extends AutoCloseable {
    @Override
    void close();
  }

  @Test
  void repeatedFiringChangesNothing() {
    var task = create(HOURLY, MissedRuns.SKIP, Overlap.QUEUE);
    for (int i = 0; i < 2; i++)
      assertThat(firingAt(hour(1)).fire(task, 0, hour(1))).contains(hour(2));
    assertThat(queue.listOpen(task)).containsExactly(ExecutionId.ofSchedule(task, hour(1)));
    var queued =
        (ExecutionQueued) eventsOf(ExecutionId.ofSchedule(task, hour(1)).value()).getFirst();
    assertThat(queued.trigger()).isEqualTo(new ExecutionTrigger.Schedule(hour(1), true));
  }

  @Test
  void missedTimesAreSkippedOrMadeUpForUpToABound() {
    var skipped = create(HOURLY, MissedRuns.SKIP, Overlap.QUEUE);
    var last = create(HOURLY, MissedRuns.RUN_ONCE, Overlap.QUEUE);
    var all = create(HOURLY, MissedRuns.RUN_ALL, Overlap.QUEUE);
    var back = hour(100).plusSeconds(600);
    for (var task : List.of(skipped, last, all))
      assertThat(firingAt(back).fire(task, 0, hour(1))).contains(hour(101));
    assertThat(queue.listOpen(skipped)).isEmpty();
    assertThat(queue.listOpen(last)).containsExactly(ExecutionId.ofSchedule(last, hour(100)));
    assertThat(queue.listOpen(all))
        .hasSize(TaskSchedule.MISSED_MAX)
        .contains(ExecutionId.ofSchedule(all, hour(91)));
  }

  @Test
  void earlierExecutionIsRespectedOrCancelled() {
    var skipping = create(HOURLY, MissedRuns.SKIP, Overlap.SKIP);
    var cancelling = create(HOURLY, MissedRuns.SKIP, Overlap.CANCEL_PREVIOUS);
    for (var task : List.of(skipping, cancelling))
      for (int hours = 1; hours <= 2; hours++) firingAt(hour(hours)).fire(task, 0, hour(hours));
    assertThat(queue.listOpen(skipping)).containsExactly(ExecutionId.ofSchedule(skipping, hour(1)));
    assertThat(queue.listOpen(cancelling))
        .containsExactly(ExecutionId.ofSchedule(cancelling, hour(2)));
    send(new CancelExecution(ExecutionId.ofSchedule(skipping, hour(1))), owner);
    firingAt(hour(3)).fire(skipping, 0, hour(3));
    assertThat(queue.listOpen(skipping)).hasSize(1);
  }

  private ExecutionId executionOf(TaskId task, int hours) {
    return ExecutionId.ofSchedule(task, hour(hours));
  }

  /** Runs the job of an hourly schedule at each reading of the clock at which it is due. */
  private void runAt(TaskId task, int... clock) {
    var due = hour(1);
    for (int hours : clock)
      if (!hour(hours).isBefore(due)) due = firingAt(hour(hours)).fire(task, 0, due).orElseThrow();
  }

  private void assertQueuedOnce(TaskId task, Integer... hours) {
    assertThat(queue.listOpen(task))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(hours).map(at -> executionOf(task, at)).toList());
    for (int at : hours) assertThat(eventsOf(executionOf(task, at).value())).hasSize(1);
  }

  @Test
  void clockThatJumpsForthAndBackQueuesEachTimeOnce() {
    var skipped = create(HOURLY, MissedRuns.SKIP, Overlap.QUEUE);
    var last = create(HOURLY, MissedRuns.RUN_ONCE, Overlap.QUEUE);
    var all = create(HOURLY, MissedRuns.RUN_ALL, Overlap.QUEUE);
    for (var task : List.of(skipped, last, all)) runAt(task, 1, 4, 2, 3, 4, 5, 6);
    assertQueuedOnce(skipped, 1, 4, 5, 6);
    assertQueuedOnce(last, 1, 4, 5, 6);
    assertQueuedOnce(all, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void clockThatJumpsBackBeforeAFiringDelaysIt() {
    var once = create(new Timing.Once(hour(3)), MissedRuns.SKIP, Overlap.SKIP);
    var hourly = create(HOURLY, MissedRuns.RUN_ALL, Overlap.CANCEL_PREVIOUS);
    var back = hour(1).plusSeconds(600);
    assertThat(firingAt(back).fire(once, 0, hour(3))).contains(hour(3));
    assertThat(queue.listOpen(once)).as("it is not due yet").isEmpty();
    assertThat(firingAt(hour(3)).fire(once, 0, hour(3))).isEmpty();
    assertQueuedOnce(once, 3);

    runAt(hourly, 1, 2, 3);
    assertThat(firingAt(back).fire(hourly, 0, hour(4))).contains(hour(2));
    assertThat(firingAt(hour(2)).fire(hourly, 0, hour(2))).contains(hour(3));
    assertThat(queue.listOpen(hourly))
        .as("a time that was queued before cancels no later one")
        .containsExactly(executionOf(hourly, 3));
    for (int hours = 3; hours <= 4; hours++)
      assertThat(firingAt(hour(hours)).fire(hourly, 0, hour(hours))).contains(hour(hours + 1));
    assertQueuedOnce(hourly, 4);
  }

  @Test
  void executionThatWaitsForADecisionStopsNoLaterFiring() {
    var skipping = create(HOURLY, MissedRuns.SKIP, Overlap.SKIP);
    var queueing = create(HOURLY, MissedRuns.SKIP, Overlap.QUEUE);
    var cancelling = create(HOURLY, MissedRuns.SKIP, Overlap.CANCEL_PREVIOUS);
    var tasks = List.of(skipping, queueing, cancelling);
    for (var task : tasks) {
      firingAt(hour(1)).fire(task, 0, hour(1));
      var first = executionOf(task, 1);
      send(new StartExecution(first, 1), owner);
      send(new RecordWait(first, first.sessionOf(1), true), owner);
      for (int hours = 2; hours <= 3; hours++)
        assertThat(firingAt(hour(hours)).fire(task, 0, hour(hours))).contains(hour(hours + 1));
    }
    assertThat(queue.listOpen(skipping)).containsExactly(executionOf(skipping, 1));
    assertThat(queue.listOpen(queueing)).hasSize(3);
    assertQueuedOnce(cancelling, 3);
    assertThat(claim())
        .contains(executionOf(cancelling, 3))
        .doesNotContain(executionOf(queueing, 2));

    for (var task : tasks) {
      send(new TimeOutExecution(executionOf(task, 1), 1), owner);
      firingAt(hour(4)).fire(task, 0, hour(4));
    }
    assertQueuedOnce(skipping, 4);
    assertQueuedOnce(queueing, 2, 3, 4);
    assertQueuedOnce(cancelling, 4);
    assertThat(claim())
        .contains(executionOf(skipping, 4), executionOf(queueing, 2), executionOf(cancelling, 4))
        .doesNotContain(executionOf(queueing, 3));
  }

  /** Claims executions of all tests, because the class shares its tables. */
  private List<ExecutionId> claim() {
    return claims.claim("node", Instant.now().plusSeconds(1), 1000, Set.of()).stream()
        .map(ClaimedExecution::executionId)
        .toList();
  }

  @Test
  void executionThatDiesStopsNoLaterFiring() {
    var failure = new ExecutionFailure("lost", "It was lost.");
    for (var overlap : Overlap.values()) {
      var task = create(HOURLY, MissedRuns.SKIP, overlap);
      for (int hours = 1; hours <= 3; hours++) {
        assertThat(firingAt(hour(hours)).fire(task, 0, hour(hours))).contains(hour(hours + 1));
        assertQueuedOnce(task, hours);
        send(new StartExecution(executionOf(task, hours), 1), owner);
        send(new FailAttempt(executionOf(task, hours), 1, failure, false, START), owner);
      }
    }
  }

  @Test
  void pausedOrReplacedScheduleFiresNoMore() {
    var task = create(HOURLY, MissedRuns.SKIP, Overlap.SKIP);
    assertThat(firingAt(hour(1)).fire(task, 7, hour(1))).as("of another setting").isEmpty();
    send(new PauseTask(task), owner);
    assertThat(firingAt(hour(1)).fire(task, 0, hour(1))).isEmpty();
    assertThat(queue.listOpen(task)).isEmpty();
  }

  @Test
  void scheduleOfADisabledUserIsPausedWithTheReason() {
    var task = create(HOURLY, MissedRuns.SKIP, Overlap.SKIP);
    sql.sql("update identity_user set disabled = true where user_id = ?")
        .param(owner.user().value())
        .update();
    firingAt(hour(1)).fire(task, 0, hour(1));
    assertThat(eventsOf(task.value()).getLast())
        .isInstanceOfSatisfying(
            TaskPaused.class, paused -> assertThat(paused.reason()).contains("disabled"));
  }

  @Test
  void timesOfASuspendedTenantAreMissedAndItsScheduleContinues() {
    var skipped = create(HOURLY, MissedRuns.SKIP, Overlap.QUEUE);
    var last = create(HOURLY, MissedRuns.RUN_ONCE, Overlap.QUEUE);
    var once = create(new Timing.Once(hour(1)), MissedRuns.RUN_ONCE, Overlap.SKIP);
    setSuspended(owner.tenant(), true);
    for (var task : List.of(last, once)) {
      assertThatThrownBy(() -> firingAt(hour(1)).fire(task, 0, hour(1)))
          .isInstanceOfSatisfying(
              TenantSuspendedException.class,
              e -> assertThat(e.retryAt()).isEqualTo(hour(1).plusSeconds(600)));
      assertThat(queue.listOpen(task)).isEmpty();
      assertThat(eventsOf(task.value())).noneMatch(TaskPaused.class::isInstance);
    }

    setSuspended(owner.tenant(), false);
    var back = hour(3).plusSeconds(600);
    for (var task : List.of(skipped, last))
      assertThat(firingAt(back).fire(task, 0, hour(1))).contains(hour(4));
    assertThat(firingAt(back).fire(once, 0, hour(1))).isEmpty();
    assertThat(queue.listOpen(skipped)).isEmpty();
    assertQueuedOnce(last, 3);
    assertQueuedOnce(once, 1);
  }
}
