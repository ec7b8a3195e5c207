package io.agentledger.api.ops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Progress of the last rebuild of a projection beside its live tables.
 *
 * @param position index of the last event that was handled; -1 before the first one
 * @param head index of the last stored event; of a rebuild that has ended, its own position
 * @param events number of events up to the position, by their indexes; few of them may be its own
 * @param eventsPerSecond null before the first events
 * @param secondsLeft estimate from the average rate; null unless the rebuild is running
 * @param endedAt null while it is running
 * @param failure why it failed; otherwise null
 */
public record ProjectionRebuildView(
    String projection,
    RebuildStatus status,
    long position,
    long head,
    long events,
    @Nullable Long eventsPerSecond,
    @Nullable Long secondsLeft,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String failure) {}
