package io.agentledger.api.shared;

import java.time.Duration;
import java.time.Instant;

/** About a session, its runs and its workspace. */
public sealed interface SessionRejection extends Rejection {
  /** As many queries wait as may wait. */
  record QueueFull(int queuedMax, Duration retryAfter) implements SessionRejection {
    @Override
    public String code() {
      return "queue_full";
    }

    @Override
    public String message() {
      return "The session has a run in progress and "
          + queuedMax
          + " queued queries, which is the maximum.";
    }
  }

  /** The query does not wait: a run carries it out or has, or nobody asked it. */
  record QueryNotQueued(String queryId) implements SessionRejection {
    @Override
    public String code() {
      return "query_not_queued";
    }

    @Override
    public String message() {
      return "The query " + queryId + " is not queued in the session.";
    }
  }

  /** The task is over, or there never was one. */
  record TaskNotRunning(String taskId) implements SessionRejection {
    @Override
    public String code() {
      return "task_not_running";
    }

    @Override
    public String message() {
      return "The task " + taskId + " is not running in the session.";
    }
  }

  /** The tool call is over, or there never was one. */
  record CallNotRunning(String toolCallId) implements SessionRejection {
    @Override
    public String code() {
      return "call_not_running";
    }

    @Override
    public String message() {
      return toolCallId.isEmpty()
          ? "No tool call is running in the session."
          : "The tool call " + toolCallId + " is not running in the session.";
    }
  }

  /** Nothing was asked in the session yet: there is no conversation to speak about. */
  record NoConversation() implements SessionRejection {
    @Override
    public String code() {
      return "no_conversation";
    }

    @Override
    public String message() {
      return "The session has no conversation yet; send a query first.";
    }
  }

  /**
   * The side request has no answer.
   *
   * @param failureReason why: expired, model or process
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

  /** The session takes no more queries. */
  record SessionEnded(String lifecycle) implements SessionRejection {
    @Override
    public String code() {
      return "session_" + lifecycle;
    }

    @Override
    public String message() {
      return "The session is " + lifecycle + ".";
    }
  }

  /** Nobody used the session for long; it can be restored. */
  record SessionExpired(Instant since) implements SessionRejection {
    @Override
    public String code() {
      return "session_expired";
    }

    @Override
    public String message() {
      return "The session expired on " + since + "; resume or restore it to go on.";
    }
  }

  /** Something is under way in the session. */
  record SessionBusy(Duration retryAfter) implements SessionRejection {
    @Override
    public String code() {
      return "session_busy";
    }

    @Override
    public String message() {
      return "The session is busy; wait for the end of its run or interrupt it.";
    }
  }

  /** Somebody else, or time, was first. */
  record AlreadyResolved(String actionId) implements SessionRejection {
    @Override
    public String code() {
      return "already_resolved";
    }

    @Override
    public String message() {
      return "The pending action " + actionId + " has already been resolved otherwise.";
    }
  }

  /** An answer that does not fit what was asked. */
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
   * The answer to a form of an MCP server does not match its schema.
   *
   * @param field a JSON Pointer into the content
   * @param rule what it must be
   */
  record InvalidAnswer(String actionId, String field, String rule) implements SessionRejection {
    @Override
    public String code() {
      return "invalid_answer";
    }

    @Override
    public String message() {
      return "The content does not match the request "
          + actionId
          + ": "
          + (field.isEmpty() ? "" : field + " ")
          + rule
          + ".";
    }
  }

  /** The input was changed since it was shown. */
  record InputChanged(String actionId) implements SessionRejection {
    @Override
    public String code() {
      return "input_changed";
    }

    @Override
    public String message() {
      return "The decision refers to another input than the pending action " + actionId + ".";
    }
  }

  /** A record of a process that has been replaced; it must stop. */
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
      return "The run " + runId + " is not in progress.";
    }
  }

  /** Only with a sandbox may anybody but the local owner run agents. */
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
