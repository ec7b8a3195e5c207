package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.workspace.FileChanges;

/** What going back changed, or would change. */
record RewindFilesResponse(CheckpointId checkpointId, boolean dryRun, FileChanges changes) {}
