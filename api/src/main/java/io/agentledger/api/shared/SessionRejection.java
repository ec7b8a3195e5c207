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
      return "The session has a run in progress and " + queuedMax + " queries waiting already.";
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
      return "No query " + queryId + " waits in the session.";
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
      return "No task " + taskId + " is running in the session.";
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
      return "Nothing has been asked in the session yet.";
    }
  }

  /**
   * What was asked of the session's process has no answer.
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
        default -> "The session's process could not do what it was asked.";
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
      return "Something is under way in the session; wait for its end or interrupt it.";
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
      return "The pending action " + actionId + " has been settled already, in another way.";
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
      return "The pending action " + actionId + " wants a " + expected + ".";
    }
  }

  /**
   * What was put into the form of an MCP server is not what its schema admits.
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
      return "The content does not fit what was asked in "
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
      return "The decision is about another input than the one that waits in " + actionId + ".";
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
      return "Epoch " + epoch + " is over, " + currentEpoch + " has begun.";
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
