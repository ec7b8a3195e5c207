package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerId;

/** Lets a server be looked at soon: in the caller's transaction, by a job after it. */
interface McpServerCheckScheduler {
  void schedule(McpServerId server, Provenance provenance);
}
