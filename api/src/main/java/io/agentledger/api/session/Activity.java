package io.agentledger.api.session;

/** Current activity of a session. */
public enum Activity {
  /** No run, nothing queued. */
  IDLE,
  /** A run is in progress or about to start. */
  RUNNING,
  /** A run waits for an answer of a client. */
  WAITING,
  /** A run failed temporarily and will be tried again. */
  RETRYING,
  /** The session has ended permanently. */
  ENDED
}
