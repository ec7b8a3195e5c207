package io.agentledger.api.session;

/** Current activity of a session. */
public enum Activity {
  /** No run, nothing queued. */
  IDLE,
  /** A run is in progress or about to start. */
  RUNNING,
  /** A run waits for somebody. */
  WAITING,
  /** A run failed in passing and will be tried again. */
  RETRYING,
  /** For good. */
  ENDED
}
