package io.agentledger.api.shared;

/** Rejections about tasks and their executions. */
public sealed interface TaskRejection extends Rejection {
  /**
   * The stored request of a task is not valid any more, or not for the present user.
   *
   * @param detail what is wrong with it, as the end of a sentence; without content
   */
  record SessionRequestInvalid(String detail) implements TaskRejection {
    @Override
    public String code() {
      return "session_request_invalid";
    }

    @Override
    public String message() {
      return "The session of the task cannot be opened: "
          + detail
          + ". Change the task with PUT"
          + " /tasks/{id}, and run it again.";
    }
  }

  /** The execution has not ended, so it cannot be repeated. */
  record ExecutionNotEnded(String executionId) implements TaskRejection {
    @Override
    public String code() {
      return "execution_not_ended";
    }

    @Override
    public String message() {
      return "The execution "
          + executionId
          + " has not ended. Wait for its end, or cancel it with POST /executions/{id}/cancel.";
    }
  }

  /**
   * The execution would be too many calls of agents away from a person or a schedule.
   *
   * @param max highest permitted depth
   */
  record DelegationTooDeep(int max) implements TaskRejection {
    @Override
    public String code() {
      return "delegation_too_deep";
    }

    @Override
    public String message() {
      return "Agents have delegated this work "
          + max
          + " times, which is the maximum. Do it in this session, or let a user start it with POST"
          + " /tasks/{id}/run.";
    }
  }

  /** Nothing remains of the budget of the session that starts an execution. */
  record BudgetExhausted(Money limitUsd) implements TaskRejection {
    @Override
    public String code() {
      return "budget_exhausted";
    }

    @Override
    public String message() {
      return "Nothing remains of the budget of "
          + limitUsd
          + " US dollars for another execution: it is spent, or reserved by executions in progress."
          + " Wait until one of them has ended, or give the tasks budgets of their own.";
    }
  }

  /** The execution whose agent starts another one has ended. */
  record ParentEnded() implements TaskRejection {
    @Override
    public String code() {
      return "parent_ended";
    }

    @Override
    public String message() {
      return "The execution that this session belongs to has ended, so it starts no others. A user"
          + " starts them with POST /tasks/{id}/run.";
    }
  }
}
