package io.agentledger.projection.cost;

import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import java.time.LocalDate;

/** One model exchange with its tenant, user and other dimensions; the day is UTC. */
record CostEntry(TurnFinished turn, String tenant, LocalDate day, String user, String agent) {
  String runKey() {
    return String.join("/", turn.runId().value(), day.toString(), turn.model());
  }

  String dayKey() {
    return String.join("/", tenant, day.toString(), user, agent, turn.model());
  }
}
