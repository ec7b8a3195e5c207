package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.CheckpointId;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoint to restore.
 *
 * @param dryRun only returns the changes
 */
record RewindFilesRequest(
    @NotNull(message = "is required") CheckpointId checkpointId, @Nullable Boolean dryRun) {}
