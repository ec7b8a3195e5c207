package io.agentledger.command.claude.state;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import java.util.HashMap;
import java.util.Map;

/** Costs of a session's runs by process. Confined to one thread. */
final class RunCosts {
  private final Map<ProcessId, Money> processes = new HashMap<>();
  private final Map<RunId, Map<ProcessId, Money>> runs = new HashMap<>();

  void add(TurnFinished turn) {
    var process = turn.sourcePosition().processId();
    processes.merge(process, turn.costUsd(), Money::plus);
    runs.computeIfAbsent(turn.runId(), run -> new HashMap<>())
        .merge(process, turn.costUsd(), Money::plus);
  }

  /** Removes the costs of a run that has ended. */
  void discard(RunId run) {
    runs.remove(run);
  }

  Money runCostExcept(RunId run, ProcessId process) {
    return sumExcept(runs.getOrDefault(run, Map.of()), process);
  }

  Money sessionCostExcept(ProcessId process) {
    return sumExcept(processes, process);
  }

  private static Money sumExcept(Map<ProcessId, Money> costByProcess, ProcessId excluded) {
    return costByProcess.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(excluded))
        .map(Map.Entry::getValue)
        .reduce(Money.ZERO, Money::plus);
  }
}
