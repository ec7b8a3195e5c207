package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerId;

/**
 * Schedules the check of a server: as a job that is enqueued in the caller's transaction and runs
 * after it.
 */
interface McpServerCheckScheduler {
  void schedule(McpServerId server, Provenance provenance);
}
