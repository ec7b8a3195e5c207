package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one tool call. */
@StableName("tool_call")
public record ToolCallId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "tcl";

  public ToolCallId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static ToolCallId next() {
    return new ToolCallId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
