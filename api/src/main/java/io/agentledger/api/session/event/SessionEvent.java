package io.agentledger.api.session.event;

import io.agentledger.api.session.SessionId;

/**
 * What happened in one session. All of them have one dense sequence, runs included, and each is
 * exactly one fact on the session's stream: the wire number is Axon's sequence number plus one.
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
