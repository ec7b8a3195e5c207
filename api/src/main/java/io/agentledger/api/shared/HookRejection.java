package io.agentledger.api.shared;

/** Rejections about hooks. */
public sealed interface HookRejection extends Rejection {
  /** The definition of the hook is not possible. */
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
