package io.agentledger.gateway.session.options;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.gateway.support.problem.InvalidRequestException;

/** Executor that a request can select for a session. */
public enum ExecutorRequest {
  /** Users are asked about everything that no rule decides. */
  INTERACTIVE,
  /** No user is asked: what is not allowed is denied. */
  BACKGROUND;

  /** Applies the executor to overrides that have a consistent permission mode or none. */
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

  /**
   * Applies the executor to the options of another session, keeping the permission mode if
   * possible.
   */
  public RunOptions applyTo(RunOptions options) {
    if (this == BACKGROUND) return options.withPermissionMode(PermissionMode.DONT_ASK);
    return options.permissionMode().isNonInteractive()
        ? options.withPermissionMode(PermissionMode.DEFAULT)
        : options;
  }
}
