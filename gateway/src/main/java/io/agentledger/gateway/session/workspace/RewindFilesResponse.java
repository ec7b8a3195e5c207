package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.workspace.FileChanges;
import org.jspecify.annotations.Nullable;

/**
 * Changes that a rewind made, or would make.
 *
 * @param undoCheckpointId checkpoint of the files before the rewind; a rewind to it undoes this
 *     one; null in a dry run
 */
record RewindFilesResponse(
    CheckpointId checkpointId,
    boolean dryRun,
    @Nullable CheckpointId undoCheckpointId,
    FileChanges changes) {}
