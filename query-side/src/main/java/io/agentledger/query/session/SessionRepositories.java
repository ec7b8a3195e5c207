package io.agentledger.query.session;

import io.agentledger.projection.session.CheckpointRowRepository;
import io.agentledger.projection.session.DirectoryRowRepository;
import io.agentledger.projection.session.MessageRowRepository;
import io.agentledger.projection.session.PendingActionRowRepository;
import io.agentledger.projection.session.RunRowRepository;
import io.agentledger.projection.session.SessionProcessRowRepository;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.session.ShareRowRepository;
import io.agentledger.projection.session.SideRequestRowRepository;
import io.agentledger.projection.session.ToolCallRowRepository;

/** Repositories of the read models of sessions. */
record SessionRepositories(
    SessionRowRepository sessions,
    RunRowRepository runs,
    MessageRowRepository messages,
    ToolCallRowRepository calls,
    PendingActionRowRepository actions,
    ShareRowRepository shares,
    DirectoryRowRepository directories,
    CheckpointRowRepository checkpoints,
    SideRequestRowRepository sideRequests,
    SessionProcessRowRepository processes) {}
