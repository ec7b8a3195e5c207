package io.agentledger.command.claude.state;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunnerEvent;
import io.agentledger.command.support.SessionSealer;

/**
 * Creates an event of the run with the position that it is recorded with, and seals its content.
 */
@FunctionalInterface
public interface EventFactory {
  RunnerEvent create(SessionSealer sealer, RunId run, ThreadId thread, SourcePosition position);

  /**
   * Creates the event of a call that has returned.
   *
   * @param output result as JSON
   */
  static EventFactory toolReturned(ToolCallId call, CallStatus status, String output) {
    return (sealer, run, thread, position) -> {
      var sealed = sealer.text(ToolReturned.class, "output", output);
      return new ToolReturned(sealer.session(), run, thread, position, call, status, sealed);
    };
  }

  /** Creates the event of an incident, which an operator should examine. */
  static EventFactory incident(String incident, String detail) {
    return (sealer, run, thread, position) -> {
      var sealed = sealer.text(IncidentNoted.class, "detail", detail);
      return new IncidentNoted(sealer.session(), run, thread, position, incident, sealed);
    };
  }

  /** Creates the event of an action that the CLI withdraws. */
  static EventFactory actionWithdrawn(ActionId action) {
    return (sealer, _, _, _) -> new ActionExpired(sealer.session(), action, ExpiryReason.WITHDRAWN);
  }
}
