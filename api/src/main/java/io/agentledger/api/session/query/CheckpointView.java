package io.agentledger.api.session.query;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.workspace.PathChange;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of a session's files.
 *
 * @param moment opening, before or after a run, before_rewind, before_branch
 * @param runId id of the run before or after which it was taken; null for other moments
 * @param cause why it was taken, in words
 * @param files number of files in the workspace
 * @param changedFileCount number of files that differ from the checkpoint or rewind before; null if
 *     unknown
 * @param changedFiles the first 100 of them, by path
 * @param sequence sequence of its event
 */
public record CheckpointView(
    CheckpointId id,
    String moment,
    @Nullable RunId runId,
    String cause,
    long files,
    long bytes,
    @Nullable Long changedFileCount,
    List<PathChange> changedFiles,
    long sequence,
    Instant takenAt) {}
