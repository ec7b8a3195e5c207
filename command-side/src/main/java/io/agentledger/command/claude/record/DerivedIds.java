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
 * @param mainThread the agent's own thread
 */
public record DerivedIds(SessionId session, ThreadId mainThread) {

  /**
   * @param name the model's id of its message; of the CLI's own the uuid of their line
   */
  public MessageId messageId(String name) {
    return new MessageId(Ids.derived(MessageId.PREFIX, session.value(), name));
  }

  public ToolCallId toolCallId(String toolUseId) {
    return new ToolCallId(Ids.derived(ToolCallId.PREFIX, session.value(), toolUseId));
  }

  public ActionId actionId(String toolUseId) {
    return new ActionId(Ids.derived(ActionId.PREFIX, session.value(), toolUseId));
  }

  /** The lane of the subagent that the Agent call opened; without one, the agent's own. */
  public ThreadId threadId(Optional<String> agentCall) {
    return agentCall
        .map(call -> new ThreadId(Ids.derived(ThreadId.PREFIX, session.value(), call)))
        .orElse(mainThread);
  }

  /** A run that nobody asked for, by where its first line stands. */
  public RunId backgroundRunId(ProcessId process, long endOffset) {
    return new RunId(Ids.derived(RunId.PREFIX, process.value(), Long.toString(endOffset)));
  }
}
