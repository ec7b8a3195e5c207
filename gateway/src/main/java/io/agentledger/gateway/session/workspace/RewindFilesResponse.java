package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.workspace.FileChanges;

/** Changes that a rewind made, or would make. */
record RewindFilesResponse(CheckpointId checkpointId, boolean dryRun, FileChanges changes) {}
