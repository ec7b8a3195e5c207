package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.util.Optional;

/**
 * Assigner of prewarmed processes to their sessions when these are open. Their first runs then
 * begin as later ones do. A process that a session does not get in this way is taken by its first
 * run.
 */
record PrewarmedProcessAssigner(
    ProcessSupervisorFactory processSupervisorFactory,
    ProcessPool<ProcessSupervisor> pool,
    SessionLeases leases,
    PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses,
    SessionStates<ProcessSupervisor> states) {

  /**
   * Gives the session the process that was started for it, unless it has a process or a run. The
   * caller holds the lock of the session.
   */
  void assign(SessionId session) throws IOException {
    SessionState state = processSupervisorFactory.readOpenedState(session);
    if (pool.find(session).isEmpty() && !state.isUnderWay()) {
      assign(state);
    }
  }

  private void assign(SessionState state) throws IOException {
    SessionId session = state.session();
    long epoch = leases.acquire(session);
    Optional<ProcessSupervisor> taken = Optional.empty();
    try {
      // With options of its query, a run may still take another one.
      Optional<PrewarmedProcess> prewarmed =
          prewarmedProcesses.take(
              session, found -> found.example().options().equals(state.setup().options()));
      if (prewarmed.isPresent()) {
        taken = take(prewarmed.get(), state, epoch);
      }
    } finally {
      if (taken.isEmpty()) {
        leases.release(session, epoch);
      }
    }
    if (taken.isPresent()) {
      pool.add(taken.get());
      states.read(taken, known -> {}, () -> processSupervisorFactory.readOpenedState(session));
    }
  }

  private Optional<ProcessSupervisor> take(
      PrewarmedProcess prewarmed, SessionState state, long epoch) throws IOException {
    try {
      var files = processSupervisorFactory.pathsResolver().resolve(state);
      var plan = processSupervisorFactory.planLaunch(state, state.setup().options(), files);
      processSupervisorFactory.prepareFiles(state, epoch);
      return processSupervisorFactory.take(prewarmed, state, plan, epoch);
    } catch (IOException | RuntimeException failed) {
      prewarmed.end();
      throw failed;
    }
  }
}
