package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;

/**
 * Run in progress without output.
 *
 * @param since time of its last activity
 */
public record SilentRun(SessionId session, RunId run, Instant since) {}
