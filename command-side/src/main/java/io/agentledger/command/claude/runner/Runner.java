package io.agentledger.command.claude.runner;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;

/** The one door from a session's job to the Claude CLI. */
public interface Runner {
  /**
   * Carries out a run, or goes on with it where a process is still at it, and returns when the end
   * of this attempt has been recorded. Safe to call twice, also after a crash: what was done before
   * is read from the record. Blocks; call it on a virtual thread. An interrupt means that this node
   * stops: the process is left running for its heir.
   */
  void execute(Assignment assignment) throws InterruptedException;

  /** Run to carry out, with its query and its requester. */
  record Assignment(SessionId session, RunId run, QueryId query, Provenance provenance) {}

  /** Not now: another node is still answerable for the session. No failure; to be tried again. */
  class SessionBusyException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public SessionBusyException(String message) {
      super(message);
    }
  }
}
