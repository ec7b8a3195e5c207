package io.agentledger.command.claude.runner;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;

/** Port from a session's job to the Claude CLI. */
public interface Runner {
  /**
   * Executes a run, or continues it if a process is still executing it, and returns when the end of
   * this attempt is recorded. Idempotent, also after a crash: earlier progress is read from the
   * record. Blocks; call it on a virtual thread. An interrupt means that this node stops: the
   * process keeps running for the next instance of the service.
   */
  void execute(Assignment assignment) throws InterruptedException;

  /** Run to execute, with its query and its requester. */
  record Assignment(SessionId session, RunId run, QueryId query, Provenance provenance) {}

  /**
   * The run cannot be executed now because another node still holds the session. Not a failure;
   * retry later.
   */
  class SessionBusyException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public SessionBusyException(String message) {
      super(message);
    }
  }
}
