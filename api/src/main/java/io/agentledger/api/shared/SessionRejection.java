package io.agentledger.api.shared;

import java.time.Duration;
import java.time.Instant;

/** Rejections about a session, its runs and its workspace. */
public sealed interface SessionRejection extends Rejection {
  /** The maximum number of queries is queued. */
  record QueueFull(int queuedMax, Duration retryAfter) implements SessionRejection {
    @Override
    public String code() {
      return "queue_full";
    }

    @Override
    public String message() {
      return "The session has a run in progress and "
          + queuedMax
          + " queued queries, which is the maximum. Wait for the end of a run, end it with POST"
          + " /sessions/{id}/interrupt, or remove a query with POST /sessions/{id}/inputs and the"
          + " input withdraw.";
    }
  }

  /** The query is not queued: a run executes or executed it, or it never existed. */
  record QueryNotQueued(String queryId) implements SessionRejection {
    @Override
    public String code() {
      return "query_not_queued";
    }

    @Override
    public String message() {
      return "The query "
          + queryId
          + " is not queued in the session. If its run is in progress, POST"
          + " /sessions/{id}/interrupt ends it.";
    }
  }

  /** The task has ended, or never existed. */
  record TaskNotRunning(String taskId) implements SessionRejection {
    @Override
    public String code() {
      return "task_not_running";
    }

    @Override
    public String message() {
      return "The task "
          + taskId
          + " is not running in the session. GET /sessions/{id}/events?format=json shows its"
          + " tasks.";
    }
  }

  /** The tool call has ended, or never existed. */
  record CallNotRunning(String toolCallId) implements SessionRejection {
    @Override
    public String code() {
      return "call_not_running";
    }

    @Override
    public String message() {
      return toolCallId.isEmpty()
          ? "No tool call is running in the session. GET /sessions/{id}/tool-calls lists its calls."
          : "The tool call "
              + toolCallId
              + " is not running in the session. GET /sessions/{id}/tool-calls lists its calls.";
    }
  }

  /** The session has had no query yet, so there is no conversation. */
  record NoConversation() implements SessionRejection {
    @Override
    public String code() {
      return "no_conversation";
    }

    @Override
    public String message() {
      return "The session has no conversation yet; send a query first: POST"
          + " /sessions/{id}/query.";
    }
  }

  /**
   * The side request has no answer.
   *
   * @param failureReason expired, model or process
   */
  record SideRequestFailed(String sideRequestId, String failureReason) implements SessionRejection {
    @Override
    public String code() {
      return "side_request_failed";
    }

    @Override
    public String message() {
      return switch (failureReason) {
        case "expired" -> "The session's process did not answer in time.";
        case "model" -> "The model did not answer.";
        default -> "The session's process could not carry out the request.";
      };
    }
  }

  /**
   * The position is after the session's newest event, so that it belongs to another session.
   *
   * @param newest position of the newest event; 0 if there is none
   * @param parameter name of the parameter with the position
   */
  record PositionBeyondEnd(long newest, String parameter) implements SessionRejection {
    @Override
    public String code() {
      return "position_beyond_end";
    }

    @Override
    public String message() {
      return parameter
          + " is after the session's newest event, which has the position "
          + newest
          + ". Send the position of an event of this session, "
          + newest
          + " at most; or none.";
    }
  }

  /**
   * The session was opened after the time.
   *
   * @param openedAt time of its first event
   */
  record SessionNotYetOpened(Instant openedAt) implements SessionRejection {
    @Override
    public String code() {
      return "session_not_yet_opened";
    }

    @Override
    public String message() {
      return "The session was opened on " + openedAt + ". Send that time or a later one.";
    }
  }

  /** The session accepts no more queries. */
  record SessionEnded(String lifecycle) implements SessionRejection {
    @Override
    public String code() {
      return "session_" + lifecycle;
    }

    @Override
    public String message() {
      return switch (lifecycle) {
        case "archived" ->
            "The session is archived. Restore it with POST /sessions/{id}/restore, or send a query"
                + " with POST /sessions/{id}/resume, which restores it.";
        case "closed" ->
            "The session is closed permanently. POST /sessions/{id}/fork continues it in a new"
                + " session.";
        default -> "The session is " + lifecycle + ".";
      };
    }
  }

  /** The session was not used for a long time; it can be restored. */
  record SessionExpired(Instant since) implements SessionRejection {
    @Override
    public String code() {
      return "session_expired";
    }

    @Override
    public String message() {
      return "The session expired on "
          + since
          + "; resume it with POST"
          + " /sessions/{id}/resume, or restore it with POST /sessions/{id}/restore.";
    }
  }

  /** The session has a run or another operation in progress. */
  record SessionBusy(Duration retryAfter) implements SessionRejection {
    @Override
    public String code() {
      return "session_busy";
    }

    @Override
    public String message() {
      return "The session is busy; wait for the end of its run, or end it with POST"
          + " /sessions/{id}/interrupt.";
    }
  }

  /** The call acts for another user, whose rights it has. */
  record ApprovalForbidden(String actionId) implements SessionRejection {
    @Override
    public String code() {
      return "approval_forbidden";
    }

    @Override
    public String message() {
      return "The agent acts for another user. Only this user, or an admin, may allow the call;"
          + " you may deny it.";
    }
  }

  /** Another answer, or the timeout, came first. */
  record AlreadyResolved(String actionId) implements SessionRejection {
    @Override
    public String code() {
      return "already_resolved";
    }

    @Override
    public String message() {
      return "The pending action "
          + actionId
          + " has already been resolved otherwise. GET /sessions/{id} lists those that wait.";
    }
  }

  /** A share for writing with a user whose role does not permit it. */
  record ShareRefused(String userId, String role) implements SessionRejection {
    @Override
    public String code() {
      return "share_refused";
    }

    @Override
    public String message() {
      return "The user "
          + userId
          + " has the role "
          + role
          + " and can only read: share with access read, or change the role first.";
    }
  }

  /** The type of the answer does not match the pending action. */
  record AnswerTypeMismatch(String actionId, String expected) implements SessionRejection {
    @Override
    public String code() {
      return "answer_type_mismatch";
    }

    @Override
    public String message() {
      return "The pending action " + actionId + " expects a " + expected + ".";
    }
  }

  /**
   * The answer does not match the agent's questions, or the form of an MCP server.
   *
   * @param field a JSON Pointer into the answers, or the content of the form
   * @param rule rule that it violates
   */
  record InvalidAnswer(String actionId, String field, String rule) implements SessionRejection {
    @Override
    public String code() {
      return "invalid_answer";
    }

    @Override
    public String message() {
      return "The answer does not match the request "
          + actionId
          + ": "
          + (field.isEmpty() ? "" : field + " ")
          + rule
          + ".";
    }
  }

  /** The input was changed after it was shown. */
  record InputChanged(String actionId) implements SessionRejection {
    @Override
    public String code() {
      return "input_changed";
    }

    @Override
    public String message() {
      return "The decision refers to another input than the pending action "
          + actionId
          + ". GET /sessions/{id} shows its input and input_digest.";
    }
  }

  /** The command comes from a process that has been replaced and must stop. */
  record StaleEpoch(long epoch, long currentEpoch) implements SessionRejection {
    @Override
    public String code() {
      return "stale_epoch";
    }

    @Override
    public String message() {
      return "Epoch " + epoch + " has ended; the current one is " + currentEpoch + ".";
    }
  }

  /** The run is not the session's current one. */
  record NotRunning(String runId) implements SessionRejection {
    @Override
    public String code() {
      return "not_running";
    }

    @Override
    public String message() {
      return "The run " + runId + " is not in progress. GET /sessions/{id}/runs lists the runs.";
    }
  }

  /** There is nothing to interrupt: neither a run nor a background task is in progress. */
  record NothingRunning(String sessionId) implements SessionRejection {
    @Override
    public String code() {
      return "nothing_running";
    }

    @Override
    public String message() {
      return "Nothing is running in the session "
          + sessionId
          + ": it has no run in progress and no background task. POST /sessions/{id}/query starts"
          + " a run.";
    }
  }

  /** Only the local owner may name directories of the machine. */
  record HostDirectoryForbidden() implements SessionRejection {
    @Override
    public String code() {
      return "forbidden";
    }

    @Override
    public String message() {
      return "Only the local owner may use directories of this machine by their path.";
    }
  }

  /** Without a sandbox only the local owner may run agents. */
  record SandboxNeeded() implements SessionRejection {
    @Override
    public String code() {
      return "sandbox_needed";
    }

    @Override
    public String message() {
      return "Without a sandbox only the local owner may run agents.";
    }
  }
}
