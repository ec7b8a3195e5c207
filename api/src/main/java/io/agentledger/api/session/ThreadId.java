package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Identifies a thread of a session: the agent's own, or a subagent's. */
@StableName("thread")
public record ThreadId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "thr";

  public ThreadId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ThreadId next() {
    return new ThreadId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }

  /**
   * Returns the tool call that started this thread, which must be a subagent's: both ids are
   * derived from the same id of the CLI.
   */
  public ToolCallId parentToolUse() {
    return new ToolCallId(ToolCallId.PREFIX + value.substring(PREFIX.length()));
  }
}
