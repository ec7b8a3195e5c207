package io.agentledger.query.task;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.DelegatedSpending;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindDelegatedSpending;
import io.agentledger.api.task.TaskQuery.FindExecution;
import io.agentledger.api.task.TaskQuery.FindExecutionSpending;
import io.agentledger.api.task.TaskQuery.ListExecutions;
import io.agentledger.projection.task.ExecutionRow;
import io.agentledger.projection.task.ExecutionRowRepository;
import io.agentledger.projection.task.ExecutionRowRepository.ExecutionFilter;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
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
    readModelAccess.await(TaskQueryHandler.GROUP, query.page());
    var viewer = TaskQueryHandler.viewer(caller);
    var filter =
        new ExecutionFilter(
            toText(query.taskId()), toText(query.parentSession()), toText(query.parentExecution()));
    Set<ExecutionStatus> statuses =
        query.statuses().isEmpty()
            ? EnumSet.allOf(ExecutionStatus.class)
            : EnumSet.copyOf(query.statuses());
    String[] cursorScope = {
      "executions", viewer.tenant(), viewer.user(), filter.toString(), statuses.toString()
    };
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var page =
        cursorCodec.page(
            executions.page(viewer, filter, statuses, after.at(), after.id(), limit),
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

  @QueryHandler
  DelegatedSpending find(FindDelegatedSpending query) {
    var rows =
        executions.findByTenantAndParentSessionId(
            query.tenant().value(), query.sessionId().value());
    var costs = costsOf(rows);
    var spent = Money.ZERO;
    var reserved = Money.ZERO;
    for (var row : rows)
      if (row.status().isFinal()) spent = spent.plus(costs.of(row)).plus(costs.below(row));
      else if (row.trigger() instanceof ExecutionTrigger.Agent agent
          && agent.budget() instanceof Budget.Limited limited)
        reserved = reserved.plus(limited.limitUsd());
    return new DelegatedSpending(spent, reserved);
  }

  @QueryHandler
  Money find(FindExecutionSpending query) {
    var id = query.executionId();
    var row =
        readModelAccess
            .read(
                TaskQueryHandler.GROUP,
                id,
                executions::eventCountOf,
                () -> executions.findById(id.value()))
            .filter(found -> found.tenant().equals(query.tenant().value()))
            .orElseThrow(() -> new RejectionException(NotFound.of(id)));
    var costs = costsOf(List.of(row));
    return costs.of(row).plus(costs.below(row));
  }

  private static String toText(@Nullable Id id) {
    return id == null ? "" : id.value();
  }

  private ExecutionCosts costsOf(List<ExecutionRow> rows) {
    return new ExecutionCosts(executions, rows);
  }

  private ExecutionView view(ExecutionRow row, ExecutionCosts costs) {
    var id = new ExecutionId(row.id());
    var attempts = row.attempts();
    SessionId session = attempts.isEmpty() ? null : attempts.getLast().sessionId();
    var parentSession = row.parentSessionId();
    var parentExecution = row.parentExecutionId();
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
        parentSession == null ? null : new SessionId(parentSession),
        parentExecution == null ? null : new ExecutionId(parentExecution),
        row.depth(),
        costs.of(row),
        costs.below(row),
        row.error(),
        row.createdAt(),
        attempts.isEmpty() ? null : attempts.getFirst().startedAt(),
        row.endedAt(),
        row.nextAttemptAt());
  }
}
