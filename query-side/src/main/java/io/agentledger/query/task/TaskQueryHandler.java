package io.agentledger.query.task;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.TaskDefinition;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskQuery.FindTaskStatistics;
import io.agentledger.api.task.TaskQuery.ListTaskVersions;
import io.agentledger.api.task.TaskQuery.ListTasks;
import io.agentledger.api.task.TaskStatisticsView;
import io.agentledger.api.task.TaskVersionView;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.task.TaskView.RetryView;
import io.agentledger.api.task.TaskView.ScheduleView;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.task.ExecutionRowRepository;
import io.agentledger.projection.task.TaskRow;
import io.agentledger.projection.task.TaskRowRepository;
import io.agentledger.projection.task.TaskRowRepository.TaskFilter;
import io.agentledger.projection.task.TaskRowRepository.TaskViewer;
import io.agentledger.projection.task.TaskVersionRow;
import io.agentledger.projection.task.TaskVersionRowRepository;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import io.agentledger.store.task.ScheduleTimes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about tasks and their versions. */
record TaskQueryHandler(
    TaskRowRepository tasks,
    TaskVersionRowRepository versions,
    ExecutionRowRepository executions,
    ConfigurationReader configurationReader,
    ReadModelAccess readModelAccess,
    ContentReader contentReader,
    CursorCodec cursorCodec,
    ObjectProvider<Clock> clock) {
  static final String GROUP = "task";
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Definition that cannot be decrypted any more. */
  private static final TaskDefinition UNAVAILABLE =
      new TaskDefinition(
          ContentReader.UNAVAILABLE_TEXT,
          List.of(),
          new Json("{}"),
          null,
          new ExecutionOptions(0, Duration.ZERO, 1, Duration.ZERO),
          Map.of());

  static TaskViewer viewer(Caller caller) {
    return new TaskViewer(
        caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListTasks query, Caller caller) {
    readModelAccess.await(GROUP, query.page());
    var viewer = viewer(caller);
    var filter =
        new TaskFilter(
            query.category() == null ? "" : query.category(),
            query.tag() == null ? "" : "\n" + query.tag() + "\n",
            query.includeArchived());
    String[] cursorScope = {"tasks", viewer.tenant(), viewer.user(), filter.toString()};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows = tasks.page(viewer, filter, after.at(), after.id(), limit);
    return cursorCodec
        .page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(row -> view(row, caller));
  }

  @QueryHandler
  TaskView find(FindTask query, Caller caller) {
    return view(find(query.taskId(), caller), caller);
  }

  @QueryHandler
  TaskStatisticsView find(FindTaskStatistics query, Caller caller) {
    find(query.taskId(), caller);
    var statistics =
        executions.statisticsOf(
            viewer(caller),
            query.taskId().value(),
            query.since(),
            TaskStatisticsView.EXECUTIONS_MAX);
    return new TaskStatisticsView(
        query.taskId(),
        query.since(),
        new TaskStatisticsView.Executions(
            statistics.getTotal(),
            statistics.getQueued(),
            statistics.getRunning(),
            statistics.getWaiting(),
            statistics.getSucceeded(),
            statistics.getFailed(),
            statistics.getCancelled(),
            statistics.getTimedOut()),
        toMillis(statistics.getMeanSeconds()),
        toMillis(statistics.getP95Seconds()),
        new Money(statistics.getCostNanos()),
        statistics.getLastAt());
  }

  private static @Nullable Long toMillis(@Nullable Double seconds) {
    return seconds == null ? null : Math.round(seconds * 1000);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListTaskVersions query, Caller caller) {
    var id = query.taskId();
    boolean canChange = canChange(find(id, caller), caller);
    return configurationReader
        .listVersions(query.tenant(), id, query.page(), versions)
        .map(row -> view(id, row, canChange));
  }

  private TaskRow find(TaskId id, Caller caller) {
    return readModelAccess
        .read(GROUP, id, tasks::eventCountOf, () -> tasks.find(viewer(caller), id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  private TaskDefinition definition(TaskId id, @Nullable SealedContent sealed) {
    return contentReader
        .map(id, sealed, text -> JSON.readValue(text, TaskDefinition.class))
        .orElse(UNAVAILABLE);
  }

  private static boolean canChange(TaskRow row, Caller caller) {
    return row.owner().equals(caller.user().value()) || caller.has(Scope.SESSIONS_WRITE_ALL);
  }

  private TaskView view(TaskRow row, Caller caller) {
    var id = new TaskId(row.id());
    var definition = definition(id, row.definition());
    var options = definition.options();
    return new TaskView(
        id,
        new UserId(row.owner()),
        row.sharing(),
        canChange(row, caller) ? row.sharedWith() : null,
        row.name(),
        definition.description(),
        row.category(),
        row.tags(),
        definition.variables(),
        definition.session(),
        definition.prompt(),
        options.priority(),
        options.timeout().isZero() ? null : options.timeout(),
        new RetryView(options.attemptsMax(), options.retryDelay()),
        ScheduleView.from(row.schedule(), definition.scheduleValues()),
        row.paused(),
        row.pauseReason().isEmpty() ? null : row.pauseReason(),
        nextExecutionAt(row),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private @Nullable Instant nextExecutionAt(TaskRow row) {
    if (row.paused() || row.archivedAt() != null) return null;
    return ScheduleTimes.findNext(
            row.schedule().timing(), clock.getIfAvailable(Clock::systemUTC).instant())
        .orElse(null);
  }

  private TaskVersionView view(TaskId id, TaskVersionRow row, boolean canChange) {
    var definition = definition(id, row.definition());
    return new TaskVersionView(
        row.version(),
        row.sharing(),
        canChange ? row.sharedWith() : null,
        row.name(),
        definition.description(),
        definition.variables(),
        definition.session(),
        definition.prompt(),
        ScheduleView.from(row.schedule(), definition.scheduleValues()),
        row.paused(),
        row.archived(),
        row.actor(),
        row.at());
  }
}
