package io.agentledger.command.claude.egress;

/** A connection that is not made. The message is the rule, and safe to show to who asked. */
final class EgressDeniedException extends Exception {
  private static final long serialVersionUID = 1L;

  EgressDeniedException(String rule) {
    super(rule, null, false, false);
  }

  String rule() {
    return String.valueOf(getMessage());
  }
}
