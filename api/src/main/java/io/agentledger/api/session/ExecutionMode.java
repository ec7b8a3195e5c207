package io.agentledger.api.session;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Execution mode of a session, from its permission mode and origin. */
public enum ExecutionMode implements WireNamed {
  /** People are asked what nothing else decides. */
  INTERACTIVE,
  /** Nobody is asked and nobody waited for: what is not allowed is denied. */
  BACKGROUND;

  /** Execution mode of a session that has the permission mode. */
  public static ExecutionMode of(PermissionMode mode) {
    return mode.isNonInteractive() ? BACKGROUND : INTERACTIVE;
  }

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
