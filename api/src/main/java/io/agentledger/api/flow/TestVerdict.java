package io.agentledger.api.flow;

/**
 * Verdict about the tests of a session, from its recorded tool calls. It says that the configured
 * command ended without an error on the files as they are, not that the tests are good: an agent
 * can change tests, and a file can be changed by others than tools.
 */
public enum TestVerdict {
  /** The newest execution of the command succeeded, and nothing may have changed files since. */
  PASSED,
  /** The newest execution of the command failed, or its outcome is unknown. */
  FAILED,
  /** The command was not executed. */
  NOT_RUN,
  /** The newest execution succeeded, but a call that may change files ended later. */
  STALE
}
