package io.agentledger.api.task;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one task. */
@StableName("task")
public record TaskId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "tsk";

  public TaskId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static TaskId next() {
    return new TaskId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
