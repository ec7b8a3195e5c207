package io.agentledger.api.session.query;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of a session's files.
 *
 * @param moment opening, before or after a run
 * @param runId id of that run; null for the opening
 * @param files number of files in the workspace
 * @param sequence sequence of its event
 */
public record CheckpointView(
    CheckpointId id,
    String moment,
    @Nullable RunId runId,
    long files,
    long bytes,
    long sequence,
    Instant takenAt) {}
