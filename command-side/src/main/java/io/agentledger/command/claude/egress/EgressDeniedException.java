package io.agentledger.command.claude.egress;

/** Thrown if a connection is denied. The message is the rule, and may be shown to the agent. */
final class EgressDeniedException extends Exception {
  private static final long serialVersionUID = 1L;

  EgressDeniedException(String rule) {
    super(rule, null, false, false);
  }

  String rule() {
    return String.valueOf(getMessage());
  }
}
