package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;

/** A run that the CLI says nothing of. */
public record SilentRun(SessionId session, RunId run, Instant since) {}
