package io.agentledger.api.hook;

/** Outcome of a hook execution. */
public enum HookOutcome {
  /** The hook had no objection; it may have added context. */
  PASSED,
  ALLOWED,
  ASKED,
  /** The hook denied the tool call, or stopped the operation. */
  DENIED,
  /** The hook could not be called, or its response was invalid. */
  FAILED,
  TIMED_OUT
}
