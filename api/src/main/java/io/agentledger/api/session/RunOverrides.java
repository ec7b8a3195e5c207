package io.agentledger.api.session;

import io.agentledger.api.shared.Json;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options that a client sets for a run; missing ones are taken from the session, then from the
 * service's defaults. See {@link RunOptions}.
 */
public record RunOverrides(
    @Nullable String model,
    @Nullable PermissionMode permissionMode,
    @Nullable List<String> allowedTools,
    @Nullable List<String> disallowedTools,
    @Nullable Integer maxTurns,
    @Nullable Duration timeout,
    @Nullable String fallbackModel,
    @Nullable Thinking thinking,
    @Nullable Json outputSchema,
    @Nullable Boolean checkpointing) {
  public static final RunOverrides NONE = new RunOverrides(null, null, null, null, null, null);

  /** Creates overrides of these options only. */
  public RunOverrides(
      @Nullable String model,
      @Nullable PermissionMode permissionMode,
      @Nullable List<String> allowedTools,
      @Nullable List<String> disallowedTools,
      @Nullable Integer maxTurns,
      @Nullable Duration timeout) {
    this(
        model,
        permissionMode,
        allowedTools,
        disallowedTools,
        maxTurns,
        timeout,
        null,
        null,
        null,
        null);
  }

  /** Returns the same overrides in another mode. */
  public RunOverrides withPermissionMode(PermissionMode mode) {
    return new RunOverrides(
        model,
        mode,
        allowedTools,
        disallowedTools,
        maxTurns,
        timeout,
        fallbackModel,
        thinking,
        outputSchema,
        checkpointing);
  }

  /** Applies these overrides to a base. */
  public RunOptions applyTo(RunOptions base) {
    return new RunOptions(
        model == null ? base.model() : model,
        permissionMode == null ? base.permissionMode() : permissionMode,
        allowedTools == null ? base.allowedTools() : allowedTools,
        disallowedTools == null ? base.disallowedTools() : disallowedTools,
        maxTurns == null ? base.maxTurns() : maxTurns,
        timeout == null ? base.timeout() : timeout,
        fallbackModel == null ? base.fallbackModel() : fallbackModel,
        thinking == null ? base.thinking() : thinking,
        outputSchema == null ? base.outputSchema() : outputSchema,
        checkpointing == null ? base.checkpointing() : checkpointing);
  }
}
