package io.agentledger.api.session.event;

import io.agentledger.api.session.SessionId;

/**
 * Events of a session. All of them share one dense sequence, runs included, and each is exactly one
 * item on the session's stream: the sequence number there is Axon's plus one.
 */
public sealed interface SessionEvent
    permits LifecycleEvent,
        QueryEvent,
        RunEvent,
        OutputEvent,
        ActionEvent,
        CheckpointEvent,
        SideRequestEvent {
  SessionId sessionId();
}
