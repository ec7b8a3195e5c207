package io.agentledger.query.task;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionAttempt;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindExecution;
import io.agentledger.api.task.TaskQuery.ListExecutions;
import io.agentledger.projection.task.ExecutionRow;
import io.agentledger.projection.task.ExecutionRowRepository;
import io.agentledger.projection.task.ExecutionRowRepository.SessionCost;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.queryhandling.QueryHandler;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about executions. */
record ExecutionQueryHandler(
    ExecutionRowRepository executions,
    ReadModelAccess readModelAccess,
    ContentReader contentReader,
    CursorCodec cursorCodec) {
  private static final JsonMapper JSON = JsonMappers.mapper();

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListExecutions query, Caller caller) {
    var viewer = TaskQueryHandler.viewer(caller);
    var requestedTask = query.taskId();
    String task = requestedTask == null ? "" : requestedTask.value();
    Set<ExecutionStatus> statuses =
        query.statuses().isEmpty()
            ? EnumSet.allOf(ExecutionStatus.class)
            : EnumSet.copyOf(query.statuses());
    String[] cursorScope = {
      "executions", viewer.tenant(), viewer.user(), task, statuses.toString()
    };
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var page =
        cursorCodec.page(
            readModelAccess.read(
                () -> executions.page(viewer, task, statuses, after.at(), after.id(), limit)),
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope);
    var costs = costsOf(page.items());
    return page.map(row -> view(row, costs));
  }

  @QueryHandler
  ExecutionView find(FindExecution query, Caller caller) {
    var id = query.executionId();
    var row =
        readModelAccess
            .read(
                TaskQueryHandler.GROUP,
                id,
                executions::eventCountOf,
                () -> executions.find(TaskQueryHandler.viewer(caller), id.value()))
            .orElseThrow(() -> new RejectionException(NotFound.of(id)));
    return view(row, costsOf(List.of(row)));
  }

  /** Returns the present costs of all sessions of the executions, by the id of the session. */
  private Map<String, Long> costsOf(List<ExecutionRow> rows) {
    var sessions =
        rows.stream()
            .flatMap(row -> row.attempts().stream())
            .map(attempt -> attempt.sessionId().value())
            .toList();
    if (sessions.isEmpty()) return Map.of();
    return readModelAccess.read(() -> executions.costsOf(sessions)).stream()
        .collect(Collectors.toMap(SessionCost::sessionId, SessionCost::nanos));
  }

  private ExecutionView view(ExecutionRow row, Map<String, Long> costs) {
    var id = new ExecutionId(row.id());
    var attempts = row.attempts();
    SessionId session = attempts.isEmpty() ? null : attempts.getLast().sessionId();
    long costNanos =
        attempts.stream()
            .map(ExecutionAttempt::sessionId)
            .mapToLong(opened -> costs.getOrDefault(opened.value(), 0L))
            .sum();
    Map<String, String> values =
        contentReader
            .map(id, row.request(), text -> JSON.readValue(text, ExecutionRequest.class).values())
            .orElse(Map.of());
    return new ExecutionView(
        id,
        new TaskId(row.taskId()),
        row.taskVersion(),
        row.name(),
        new UserId(row.userId()),
        row.trigger(),
        row.status(),
        row.options().priority(),
        row.options().timeout(),
        row.options().attemptsMax(),
        values,
        session,
        attempts,
        new Money(costNanos),
        row.error(),
        row.createdAt(),
        attempts.isEmpty() ? null : attempts.getFirst().startedAt(),
        row.endedAt(),
        row.nextAttemptAt());
  }
}
