package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one process of the Claude CLI. */
@StableName("process")
public record ProcessId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "prc";

  public ProcessId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static ProcessId next() {
    return new ProcessId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
