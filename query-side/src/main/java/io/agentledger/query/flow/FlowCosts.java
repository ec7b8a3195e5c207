package io.agentledger.query.flow;

import io.agentledger.api.shared.Money;
import io.agentledger.api.task.ExecutionAttempt;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.projection.task.ExecutionRow;
import io.agentledger.projection.task.ExecutionRowRepository;
import io.agentledger.projection.task.ExecutionRowRepository.SessionCost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Executions of flows with their present costs, and those of the executions below them. */
final class FlowCosts {
  private final Map<String, ExecutionRow> roots = new HashMap<>();

  /** All executions below an execution of a flow and itself, by its id. */
  private final Map<String, List<ExecutionRow>> trees = new HashMap<>();

  private final Map<String, Long> nanosBySession;

  /** Reads the costs; one query for each level of descendants, and one for all sessions. */
  FlowCosts(ExecutionRowRepository executions, List<ExecutionId> ids) {
    var level = executions.findAllById(ids.stream().map(ExecutionId::value).toList());
    var all = new ArrayList<>(level);
    Map<String, String> rootOf = new HashMap<>();
    for (var row : level) {
      roots.put(row.id(), row);
      rootOf.put(row.id(), row.id());
      trees.put(row.id(), new ArrayList<>(List.of(row)));
    }
    while (!level.isEmpty()) {
      level = executions.findByParentExecutionIdIn(level.stream().map(ExecutionRow::id).toList());
      for (var row : level) {
        var root = rootOf.getOrDefault(String.valueOf(row.parentExecutionId()), "");
        rootOf.putIfAbsent(row.id(), root);
        trees.computeIfAbsent(root, id -> new ArrayList<>()).add(row);
      }
      all.addAll(level);
    }
    var sessions =
        all.stream()
            .flatMap(row -> row.attempts().stream())
            .map(attempt -> attempt.sessionId().value())
            .distinct()
            .toList();
    nanosBySession =
        sessions.isEmpty()
            ? Map.of()
            : executions.costsOf(sessions).stream()
                .collect(Collectors.toMap(SessionCost::sessionId, SessionCost::nanos));
  }

  /** Returns an execution of a flow; empty before it was queued. */
  Optional<ExecutionRow> find(ExecutionId execution) {
    return Optional.ofNullable(roots.get(execution.value()));
  }

  /** Returns the cost of an attempt. */
  Money of(ExecutionAttempt attempt) {
    return new Money(nanosBySession.getOrDefault(attempt.sessionId().value(), 0L));
  }

  /** Returns the cost of an execution and of those below it. */
  Money of(ExecutionId execution) {
    return trees.getOrDefault(execution.value(), List.of()).stream()
        .flatMap(row -> row.attempts().stream())
        .map(this::of)
        .reduce(Money.ZERO, Money::plus);
  }
}
