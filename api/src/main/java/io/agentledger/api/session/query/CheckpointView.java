package io.agentledger.api.session.query;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A state of a session's files that can be gone back to.
 *
 * @param moment opening, before or after a run
 * @param runId of that run; null for the opening
 * @param files in the workspace
 * @param sequence of the fact that says so
 */
public record CheckpointView(
    CheckpointId id,
    String moment,
    @Nullable RunId runId,
    long files,
    long bytes,
    long sequence,
    Instant takenAt) {}
