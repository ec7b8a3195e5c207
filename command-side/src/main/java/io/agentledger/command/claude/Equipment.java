package io.agentledger.command.claude;

import io.agentledger.api.session.LiveLane;
import java.time.Clock;

/**
 * What every attendant works with.
 *
 * @param watchdog how long a process may be silent or stuck
 */
record Equipment(
    Scribe scribe,
    LiveLane lane,
    ModelDoor door,
    Permissions permissions,
    JournalWatch watch,
    Watchdog watchdog,
    Clock clock) {}
