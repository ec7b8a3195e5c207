package io.agentledger.api.hook;

/** Outcome of a hook execution. */
public enum HookOutcome {
  /** Nothing, or only something to add. */
  PASSED,
  ALLOWED,
  ASKED,
  /** No to a tool, or a stop to what goes on elsewhere. */
  DENIED,
  /** It could not be called, or its answer was none. */
  FAILED,
  TIMED_OUT
}
