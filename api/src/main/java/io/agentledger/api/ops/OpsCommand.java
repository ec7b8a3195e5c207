package io.agentledger.api.ops;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/** Commands of operators for projections. */
@StableName("projection")
public sealed interface OpsCommand extends ApiCommand {
  /** Resets a projection and replays all events, while queries are served. */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("ReplayProjection")
  record ReplayProjection(String projection, @Nullable Idempotency idempotency)
      implements OpsCommand, Idempotent {}

  /** Rebuilds a projection from all events beside its live tables, then replaces these. */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("RebuildProjection")
  record RebuildProjection(String projection, @Nullable Idempotency idempotency)
      implements OpsCommand, Idempotent {}

  /** Cancels the rebuild of a projection that is in progress. */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("CancelProjectionRebuild")
  record CancelProjectionRebuild(String projection) implements OpsCommand {}

  /** Processes a projection's dead letters again. */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("RetryDeadLetters")
  record RetryDeadLetters(String projection, @Nullable Idempotency idempotency)
      implements OpsCommand, Idempotent {}
}
