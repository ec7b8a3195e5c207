package io.agentledger.command.claude.runner;

import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.util.Optional;

/** Starts and ends prewarmed processes of the CLI on this node. */
record PrewarmedProcessStarter(ProcessSupervisorFactory processSupervisorFactory)
    implements PrewarmedProcesses.Starter<PrewarmedProcess> {
  @Override
  public Optional<PrewarmedProcess> start(SessionId example, RunOptions options, SessionId session)
      throws IOException {
    return processSupervisorFactory.prewarm(
        processSupervisorFactory.readState(example), options, session);
  }

  @Override
  public boolean isReady(PrewarmedProcess process) {
    return process.isReady();
  }

  @Override
  public boolean isAlive(PrewarmedProcess process) {
    return process.process().isAlive();
  }

  @Override
  public void heartbeat(PrewarmedProcess process) throws IOException {
    process.process().heartbeat();
  }

  @Override
  public boolean isCurrent(PrewarmedProcess process) throws IOException {
    return processSupervisorFactory.isCurrent(process);
  }

  @Override
  public void end(PrewarmedProcess process) throws IOException {
    process.end();
    SessionId session = process.session();
    if (!processSupervisorFactory.readState(session).isOpened()) {
      processSupervisorFactory.pathsResolver().runDirectory().delete(session.value());
    }
  }
}
