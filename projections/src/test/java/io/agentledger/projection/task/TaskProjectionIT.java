package io.agentledger.projection.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.AttemptFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionWaiting;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import io.agentledger.api.task.TaskEvent.TaskChanged;
import io.agentledger.api.task.TaskEvent.TaskCreated;
import io.agentledger.api.task.TaskEvent.TaskPaused;
import io.agentledger.api.task.TaskEvent.TaskResumed;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.task.ExecutionRowRepository.ExecutionFilter;
import io.agentledger.projection.task.TaskRowRepository.TaskFilter;
import io.agentledger.projection.task.TaskRowRepository.TaskViewer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

class TaskProjectionIT extends ProjectionTestSupport {
  private static final UserId OWNER = UserId.next();
  private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");
  private static final ExecutionPrincipal PRINCIPAL =
      new ExecutionPrincipal(OWNER, Set.of(), false);
  private static final ExecutionOptions OPTIONS =
      new ExecutionOptions(5, Duration.ofHours(1), 3, Duration.ofSeconds(10));

  @Autowired private TaskRowRepository tasks;
  @Autowired private TaskVersionRowRepository versions;
  @Autowired private ExecutionRowRepository executions;

  private final TaskId task = TaskId.next();
  private final ExecutionId execution = ExecutionId.next();
  private long number;

  private void append(String type, Id id, Object... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>(type, id.value(), number++, event)
                  .withMetaData(provenance())));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> projections.state("task").position() >= head());
  }

  private static TaskViewer viewer(UserId user) {
    return new TaskViewer(ADA.tenant().value(), user.value(), false);
  }

  private List<TaskRow> list(UserId user, String category, String tag) {
    var filter = new TaskFilter(category, tag, false);
    return tasks.page(viewer(user), filter, END, "", Limit.of(100)).stream()
        .filter(row -> row.id().equals(task.value()))
        .toList();
  }

  @Test
  void taskIsFoundByCategoryAndWholeTagByThoseWhoMaySeeIt() {
    var properties =
        new TaskProperties(
            TaskSharing.PRIVATE,
            List.of(),
            "one",
            "reviews",
            List.of("a", "nightly"),
            PRINCIPAL,
            TaskSchedule.NONE);
    var definition = sealer.seal(task, TaskCreated.class, "definition", "{}");
    append("Task", task, new TaskCreated(task, OWNER, properties, definition));
    assertThat(list(OWNER, "", "")).hasSize(1);
    assertThat(list(OWNER, "reviews", "\nnightly\n")).hasSize(1);
    assertThat(list(OWNER, "", "\nnight\n")).isEmpty();
    assertThat(list(OWNER, "other", "")).isEmpty();
    assertThat(list(UserId.next(), "", "")).as("it is private").isEmpty();
    var reader = UserId.next();
    var shared =
        new TaskProperties(
            TaskSharing.USERS, List.of(reader), "one", "", List.of(), PRINCIPAL, TaskSchedule.NONE);
    var changed = sealer.seal(task, TaskChanged.class, "definition", "{}");
    append("Task", task, new TaskChanged(task, 2, shared, changed));
    assertThat(list(reader, "", "")).as("it is shared").hasSize(1);
    assertThat(list(UserId.next(), "", "")).isEmpty();
    append("Task", task, new TaskPaused(task, "It failed."));
    var paused = list(OWNER, "", "").getFirst();
    assertThat(paused.paused()).isTrue();
    assertThat(paused.pauseReason()).isEqualTo("It failed.");
    append("Task", task, new TaskResumed(task, TaskSchedule.NONE));
    assertThat(list(OWNER, "", "").getFirst().paused()).isFalse();
    assertThat(versions.page(task.value(), Long.MAX_VALUE, Limit.of(10)))
        .map(TaskVersionRow::paused)
        .containsExactly(false, true, false, false);
  }

  @Test
  void executionKeepsItsAttempts() {
    var failure = new ExecutionFailure("lost", "It was lost.");
    var request = sealer.seal(execution, ExecutionQueued.class, "request", "{}");
    append(
        "Execution",
        execution,
        new ExecutionQueued(
            execution,
            new TaskRef(task, 1, "one"),
            PRINCIPAL,
            new ExecutionTrigger.Manual(),
            OPTIONS,
            request),
        started(1),
        new AttemptDeferred(execution, 1, failure, END));
    assertThat(find().status()).isEqualTo(ExecutionStatus.QUEUED);
    assertThat(find().attempts()).as("it does not count").isEmpty();
    assertThat(find().error()).isEqualTo(failure);
    append("Execution", execution, started(1), new ExecutionWaiting(execution));
    assertThat(find().status()).isEqualTo(ExecutionStatus.WAITING);
    append("Execution", execution, new AttemptFailed(execution, 1, failure, END));
    assertThat(find().status()).isEqualTo(ExecutionStatus.QUEUED);
    assertThat(find().nextAttemptAt()).isEqualTo(END);
    append("Execution", execution, started(2), new ExecutionSucceeded(execution));
    var row = find();
    assertThat(row.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(row.error()).isNull();
    assertThat(row.nextAttemptAt()).isNull();
    assertThat(row.endedAt()).isNotNull();
    assertThat(row.attempts())
        .map(attempt -> attempt.status() + " " + attempt.error())
        .containsExactly("FAILED " + failure, "SUCCEEDED null");
    var filter = new ExecutionFilter(task.value(), "", "");
    var statuses = EnumSet.of(ExecutionStatus.SUCCEEDED);
    assertThat(executions.page(viewer(OWNER), filter, statuses, END, "", Limit.of(5))).hasSize(1);
    assertThat(executions.page(viewer(UserId.next()), filter, statuses, END, "", Limit.of(5)))
        .isEmpty();
    var statistics = executions.statisticsOf(viewer(OWNER), task.value(), Instant.EPOCH, 10);
    assertThat(statistics.getTotal()).isEqualTo(1);
    assertThat(statistics.getSucceeded()).isEqualTo(1);
    assertThat(statistics.getMeanSeconds()).isNotNegative().isEqualTo(statistics.getP95Seconds());
    assertThat(statistics.getLastAt()).isEqualTo(row.createdAt());
    assertThat(statistics.getCostNanos()).isZero();
    var none = executions.statisticsOf(viewer(UserId.next()), task.value(), Instant.EPOCH, 10);
    assertThat(none.getTotal()).isZero();
    assertThat(none.getP95Seconds()).isNull();
  }

  private ExecutionStarted started(int attempt) {
    return new ExecutionStarted(
        execution, task, attempt, execution.sessionOf(attempt), PRINCIPAL, OPTIONS);
  }

  private ExecutionRow find() {
    return executions.find(viewer(OWNER), execution.value()).orElseThrow();
  }
}
