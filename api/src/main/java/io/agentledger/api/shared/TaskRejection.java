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
}
