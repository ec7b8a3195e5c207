package io.agentledger.api.session;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of {@link RunOptions}; what it does not say is taken from the session, and
 * what the session does not say from the service's defaults.
 */
public record RunWishes(
    @Nullable String model,
    @Nullable PermissionMode permissionMode,
    @Nullable List<String> allowedTools,
    @Nullable List<String> disallowedTools,
    @Nullable Integer maxTurns,
    @Nullable Duration timeout) {
  public static final RunWishes NONE = new RunWishes(null, null, null, null, null, null);

  /** These wishes over those options. */
  public RunOptions over(RunOptions base) {
    return new RunOptions(
        model == null ? base.model() : model,
        permissionMode == null ? base.permissionMode() : permissionMode,
        allowedTools == null ? base.allowedTools() : allowedTools,
        disallowedTools == null ? base.disallowedTools() : disallowedTools,
        maxTurns == null ? base.maxTurns() : maxTurns,
        timeout == null ? base.timeout() : timeout);
  }
}
