package io.agentledger.api.session;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** How a session's work is carried out, as its mode and its origin have it. */
public enum ExecutionMode implements WireNamed {
  /** People are asked what nothing else decides. */
  INTERACTIVE,
  /** Nobody is asked and nobody waited for: what is not allowed is denied. */
  BACKGROUND,
  /** As the first, beginning where another session was, which stays as it is. */
  FORKED;

  /** Whether somebody is asked comes before where it began, which its origin says anyhow. */
  public static ExecutionMode of(PermissionMode mode, SessionOrigin origin) {
    if (mode.isNonInteractive()) return BACKGROUND;
    return origin instanceof SessionOrigin.Forked ? FORKED : INTERACTIVE;
  }

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
