package io.agentledger.command.claude.run;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunEvent.Machinery;
import io.agentledger.command.claude.box.AgentPaths;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.LaunchSpec;
import io.agentledger.command.claude.record.SessionRecord;
import io.agentledger.command.claude.record.ToolsOnRecord;

/**
 * Where an attendant stands: one process of one session, under one lease.
 *
 * @param tools what its process has beside the agent's own, whatever the session has by now
 * @param machinery what every run that it carries out is recorded with
 */
public record Post(
    ClaudeProcess process,
    LaunchSpec spec,
    AgentPaths paths,
    Machinery machinery,
    SessionRecord record,
    ToolsOnRecord tools) {

  ProcessId id() {
    return machinery.processId();
  }

  public long epoch() {
    return machinery.epoch();
  }
}
