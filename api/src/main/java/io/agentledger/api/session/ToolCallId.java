package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one tool call. */
@StableName("tool_call")
public record ToolCallId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "tcl";

  public ToolCallId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ToolCallId next() {
    return new ToolCallId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
