package io.agentledger.api.shared;

/** Rejections about policies and permissions. */
public sealed interface PermissionRejection extends Rejection {
  /** The policy has a rule that cannot be enforced. */
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
