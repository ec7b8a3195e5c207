package io.agentledger.command.claude;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunEvent.Machinery;

/**
 * Where an attendant stands: one process of one session, under one lease.
 *
 * @param machinery what every run that it carries out is recorded with
 */
record Post(
    ClaudeProcess process,
    LaunchSpec spec,
    AgentPaths paths,
    Machinery machinery,
    SessionRecord record) {

  ProcessId id() {
    return machinery.processId();
  }

  long epoch() {
    return machinery.epoch();
  }
}
