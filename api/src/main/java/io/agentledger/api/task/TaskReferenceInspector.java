package io.agentledger.api.task;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import java.util.concurrent.CompletionStage;

/** Port that inspects the templates and agents that the session of a task names. */
public interface TaskReferenceInspector {
  /**
   * Returns whether all of them have a version or belong to a user, so that nobody else can change
   * what the task does.
   *
   * @param caller who sees the task
   * @param requestId id of the request
   */
  CompletionStage<Boolean> isPinned(Caller caller, String requestId, TaskView task, UserId owner);
}
