package io.agentledger.command.claude.record;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Ids;
import java.util.Optional;

/**
 * Our names for what the model and the CLI named first: the same whenever the same line is read.
 *
 * @param own the agent's own thread
 */
public record DerivedIds(SessionId session, ThreadId own) {

  public MessageId message(String theirs) {
    return new MessageId(Ids.derived(MessageId.PREFIX, session.value(), theirs));
  }

  public ToolCallId call(String toolUseId) {
    return new ToolCallId(Ids.derived(ToolCallId.PREFIX, session.value(), toolUseId));
  }

  public ActionId action(String toolUseId) {
    return new ActionId(Ids.derived(ActionId.PREFIX, session.value(), toolUseId));
  }

  /** The lane of the subagent that the Agent call opened; without one, the agent's own. */
  public ThreadId thread(Optional<String> agentCall) {
    return agentCall
        .map(call -> new ThreadId(Ids.derived(ThreadId.PREFIX, session.value(), call)))
        .orElse(own);
  }

  /** A run that nobody asked for, by where its first line stands. */
  public RunId background(ProcessId process, long end) {
    return new RunId(Ids.derived(RunId.PREFIX, process.value(), Long.toString(end)));
  }
}
