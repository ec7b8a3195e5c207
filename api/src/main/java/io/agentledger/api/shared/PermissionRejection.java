package io.agentledger.api.shared;

/** About what agents may do. */
public sealed interface PermissionRejection extends Rejection {
  /** A policy that says what cannot be held. */
  record PolicyRefused(String rule, String detail) implements PermissionRejection {
    @Override
    public String code() {
      return "policy_refused";
    }

    @Override
    public String message() {
      return "The rule " + rule + " " + detail + ".";
    }
  }
}
