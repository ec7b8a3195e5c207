package io.agentledger.command.claude.state;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import java.util.HashMap;
import java.util.Map;

/** What a session's runs cost, by the process that asked for it. One thread's own. */
final class RunCosts {
  private final Map<ProcessId, Money> processes = new HashMap<>();
  private final Map<RunId, Map<ProcessId, Money>> runs = new HashMap<>();

  void add(TurnFinished turn) {
    var process = turn.place().processId();
    processes.merge(process, turn.cost(), Money::plus);
    runs.computeIfAbsent(turn.runId(), run -> new HashMap<>())
        .merge(process, turn.cost(), Money::plus);
  }

  /** The run is over. */
  void discard(RunId run) {
    runs.remove(run);
  }

  Money ofRunBut(RunId run, ProcessId process) {
    return but(runs.getOrDefault(run, Map.of()), process);
  }

  Money ofSessionBut(ProcessId process) {
    return but(processes, process);
  }

  private static Money but(Map<ProcessId, Money> all, ProcessId one) {
    return all.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(one))
        .map(Map.Entry::getValue)
        .reduce(Money.ZERO, Money::plus);
  }
}
