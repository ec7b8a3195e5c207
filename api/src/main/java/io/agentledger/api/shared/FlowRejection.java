package io.agentledger.api.shared;

import java.util.Locale;

/** Rejections about flows. */
public sealed interface FlowRejection extends Rejection {
  /**
   * The plan of the flow does not wait for a decision.
   *
   * @param status of the flow, in snake case
   */
  record FlowNotAwaitingApproval(String flowId, String status) implements FlowRejection {
    /** Creates the rejection of a flow with a status. */
    public static FlowNotAwaitingApproval of(Id flow, Enum<?> status) {
      return new FlowNotAwaitingApproval(flow.value(), status.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public String code() {
      return "flow_not_awaiting_approval";
    }

    @Override
    public String message() {
      return "The flow "
          + flowId
          + " is "
          + status.replace('_', ' ')
          + ", so there is nothing to decide. The first decision counts; GET /flows/{id} shows it.";
    }
  }

  /** An agent decides about a plan, which only a user may do. */
  record DecisionOfAgent() implements FlowRejection {
    @Override
    public String code() {
      return "decision_of_agent";
    }

    @Override
    public String message() {
      return "An agent's credential cannot decide about a plan. Decide with the credential of a"
          + " user.";
    }
  }

  /** A flow with the same concurrency key has not ended. */
  record FlowOpen(String flowId) implements FlowRejection {
    @Override
    public String code() {
      return "flow_open";
    }

    @Override
    public String message() {
      return "The flow "
          + flowId
          + " of the same concurrency key has not ended. Cancel it with POST /flows/{id}/cancel, or"
          + " process the delivery again after its end.";
    }
  }

  /**
   * Too many flows of a trigger have not ended.
   *
   * @param scope end of a sentence: flows of which kind count
   */
  record TooManyFlowsOfTrigger(String triggerId, int max, String scope) implements FlowRejection {
    /** Creates the rejection for all flows of a trigger. */
    public static TooManyFlowsOfTrigger of(String triggerId, int max) {
      return new TooManyFlowsOfTrigger(triggerId, max, "of the trigger " + triggerId);
    }

    /** Creates the rejection for the flows of a concurrency key. */
    public static TooManyFlowsOfTrigger withKey(String triggerId, int max) {
      return new TooManyFlowsOfTrigger(
          triggerId, max, "with the same concurrency key as this delivery");
    }

    @Override
    public String code() {
      return "too_many_flows_of_trigger";
    }

    @Override
    public String message() {
      return max
          + " flows "
          + scope
          + " have not ended, which is the maximum. Decide about them, or cancel them with POST"
          + " /flows/{id}/cancel, limit the trigger by a condition, and process the delivery again.";
    }
  }

  /** The flow has no plan, or none yet. */
  record FlowWithoutPlan(String flowId) implements FlowRejection {
    @Override
    public String code() {
      return "flow_without_plan";
    }

    @Override
    public String message() {
      return "The flow " + flowId + " has no plan, or none yet. GET /flows/{id} shows its status.";
    }
  }
}
