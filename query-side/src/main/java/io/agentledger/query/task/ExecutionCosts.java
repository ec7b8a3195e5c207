package io.agentledger.query.task;

import io.agentledger.api.shared.Money;
import io.agentledger.projection.task.ExecutionRow;
import io.agentledger.projection.task.ExecutionRowRepository;
import io.agentledger.projection.task.ExecutionRowRepository.SessionCost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Present costs of executions: of their own sessions, and of the executions below them. */
final class ExecutionCosts {
  private final Map<String, Long> nanosBySession;

  /** Executions below an execution, by the id of that execution. */
  private final Map<String, List<ExecutionRow>> descendants = new HashMap<>();

  /** Reads the costs; one query for each level of descendants, and one for all sessions. */
  ExecutionCosts(ExecutionRowRepository executions, List<ExecutionRow> rows) {
    var all = new ArrayList<>(rows);
    Map<String, String> roots = new HashMap<>(); // By the id of a descendant.
    for (var row : rows) roots.put(row.id(), row.id());
    for (var level = rows; !level.isEmpty(); all.addAll(level)) {
      level = executions.findByParentExecutionIdIn(level.stream().map(ExecutionRow::id).toList());
      for (var row : level) {
        var root = roots.getOrDefault(String.valueOf(row.parentExecutionId()), "");
        roots.putIfAbsent(row.id(), root);
        descendants.computeIfAbsent(root, id -> new ArrayList<>()).add(row);
      }
    }
    var sessions = all.stream().flatMap(ExecutionCosts::sessions).distinct().toList();
    nanosBySession =
        sessions.isEmpty()
            ? Map.of()
            : executions.costsOf(sessions).stream()
                .collect(Collectors.toMap(SessionCost::sessionId, SessionCost::nanos));
  }

  private static Stream<String> sessions(ExecutionRow row) {
    return row.attempts().stream().map(attempt -> attempt.sessionId().value());
  }

  /** Returns the cost of the execution's own sessions. */
  Money of(ExecutionRow row) {
    return new Money(
        sessions(row).mapToLong(session -> nanosBySession.getOrDefault(session, 0L)).sum());
  }

  /** Returns the cost of the executions below the execution. */
  Money below(ExecutionRow row) {
    return descendants.getOrDefault(row.id(), List.of()).stream()
        .map(this::of)
        .reduce(Money.ZERO, Money::plus);
  }
}
