package io.agentledger.api.shared;

/** About who is told what agents do. */
public sealed interface HookRejection extends Rejection {
  /** A hook that could never be called. */
  record HookRefused(String field, String detail) implements HookRejection {
    @Override
    public String code() {
      return "hook_refused";
    }

    @Override
    public String message() {
      return "The hook's " + field + " " + detail + ".";
    }
  }
}
