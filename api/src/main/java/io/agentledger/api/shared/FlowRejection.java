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
