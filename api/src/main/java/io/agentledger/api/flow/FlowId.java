package io.agentledger.api.flow;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionId;

/** Id of one flow. */
@StableName("flow")
public record FlowId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "flw";

  public FlowId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static FlowId next() {
    return new FlowId(Ids.random(PREFIX));
  }

  /**
   * Returns the id of the flow of a delivery, so that processing it again starts none twice.
   *
   * @param attempt from 1
   */
  public static FlowId ofDelivery(String deliveryId, int attempt) {
    return new FlowId(Ids.derived(PREFIX, deliveryId, String.valueOf(attempt)));
  }

  /** Returns the id of the execution that makes the plan. */
  public ExecutionId planExecution() {
    return new ExecutionId(Ids.derived(ExecutionId.PREFIX, value, "plan"));
  }

  /** Returns the id of the execution that does the work. */
  public ExecutionId workExecution() {
    return new ExecutionId(Ids.derived(ExecutionId.PREFIX, value, "work"));
  }

  @Override
  public String toString() {
    return value;
  }
}
