package io.agentledger.api.permission;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one group of tools. */
@StableName("tool_group")
public record ToolGroupId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "tgr";

  public ToolGroupId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ToolGroupId next() {
    return new ToolGroupId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
