package io.agentledger.query.session;

import io.agentledger.projection.session.Actions;
import io.agentledger.projection.session.Asides;
import io.agentledger.projection.session.Checkpoints;
import io.agentledger.projection.session.DirectoryRows;
import io.agentledger.projection.session.KnownFacts;
import io.agentledger.projection.session.Messages;
import io.agentledger.projection.session.Runs;
import io.agentledger.projection.session.Sessions;
import io.agentledger.projection.session.Shares;
import io.agentledger.projection.session.ToolCalls;

/** The read models of sessions. */
record SessionTables(
    Sessions sessions,
    Runs runs,
    Messages messages,
    ToolCalls calls,
    Actions actions,
    Shares shares,
    DirectoryRows directories,
    Checkpoints checkpoints,
    Asides asides,
    KnownFacts known) {}
