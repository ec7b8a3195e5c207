package io.agentledger.api.session;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Execution mode of a session, from its permission mode and origin. */
public enum ExecutionMode implements WireNamed {
  /** Users are asked about everything that no rule decides. */
  INTERACTIVE,
  /** No user is asked: what is not allowed is denied. */
  BACKGROUND;

  /** Returns the execution mode of a permission mode. */
  public static ExecutionMode of(PermissionMode mode) {
    return mode.isNonInteractive() ? BACKGROUND : INTERACTIVE;
  }

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
