package io.agentledger.gateway.session.options;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.gateway.support.problem.InvalidRequestException;

/** Executor of a session that a request may ask for; forks are not among them. */
public enum ExecutorRequest {
  /** People are asked what nothing else decides. */
  INTERACTIVE,
  /** Nobody is asked: what is not allowed is denied. */
  BACKGROUND;

  /** With wishes that say the same, or nothing about it. */
  public RunOverrides applyTo(RunOverrides overrides) {
    var mode = overrides.permissionMode();
    if (mode != null && mode.isNonInteractive() != (this == BACKGROUND))
      throw InvalidRequestException.body(
          "/options/permission_mode",
          this == BACKGROUND
              ? "must be dontAsk, or left out, with executor background"
              : "must not be dontAsk with executor interactive");
    return this == BACKGROUND ? overrides.withPermissionMode(PermissionMode.DONT_ASK) : overrides;
  }

  /** Those of another session, whose mode stays where it can. */
  public RunOptions applyTo(RunOptions options) {
    if (this == BACKGROUND) return options.withPermissionMode(PermissionMode.DONT_ASK);
    return options.permissionMode().isNonInteractive()
        ? options.withPermissionMode(PermissionMode.DEFAULT)
        : options;
  }
}
