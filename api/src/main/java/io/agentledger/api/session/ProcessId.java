package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one process of the Claude CLI. */
@StableName("process")
public record ProcessId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "prc";

  public ProcessId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ProcessId next() {
    return new ProcessId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
