package io.agentledger.command.claude.record;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Ids;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Derives the service's ids from ids of the model and the CLI; deterministic, so that the same line
 * yields the same ids.
 *
 * @param mainThread thread of the main agent
 */
public record DerivedIds(SessionId session, ThreadId mainThread) {

  /**
   * Derives the id of a message.
   *
   * @param name the model's id of its message; for a message of the CLI itself, the uuid of its
   *     line
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

  /**
   * Derives the thread of the subagent that the Agent call started; the main thread without one.
   */
  public ThreadId threadId(Optional<String> agentCall) {
    return agentCall
        .map(call -> new ThreadId(Ids.derived(ThreadId.PREFIX, session.value(), call)))
        .orElse(mainThread);
  }

  /** Derives the id of a run without a query from the offset of its first line. */
  public RunId backgroundRunId(ProcessId process, long endOffset) {
    return new RunId(Ids.derived(RunId.PREFIX, process.value(), Long.toString(endOffset)));
  }

  /** Creates a transient event of a thread; one of a subagent names the call that started it. */
  public StreamItem transientEvent(
      @Nullable RunId run, ThreadId thread, Instant at, StreamItem.Body body) {
    var item = StreamItem.transientEvent(session, run, thread, at, body);
    return thread.equals(mainThread) ? item : item.withParentToolUse(thread.parentToolUse());
  }
}
