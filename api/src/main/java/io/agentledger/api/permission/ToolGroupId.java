package io.agentledger.api.permission;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one group of tools. */
@StableName("tool_group")
public record ToolGroupId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "tgr";

  public ToolGroupId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static ToolGroupId next() {
    return new ToolGroupId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
