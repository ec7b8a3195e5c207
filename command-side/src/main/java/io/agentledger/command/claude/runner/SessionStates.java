package io.agentledger.command.claude.runner;

import io.agentledger.command.claude.state.SessionState;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * States of the sessions with a process on this node, from which their runs are planned, so that a
 * run does not read its whole session. Supervisors have other ones for their own threads. A state
 * lives as long as its process, and must be used under the lock of its session.
 *
 * @param <P> process
 */
final class SessionStates<P> {
  private final Map<P, SessionState> states = Collections.synchronizedMap(new WeakHashMap<>());

  /** Returns the state of a process's session as of its last use. */
  Optional<SessionState> find(P process) {
    return Optional.ofNullable(states.get(process));
  }

  /**
   * Returns the current state of a session.
   *
   * @param process process of the session, if it has one here
   * @param update reads the new events of a known state
   * @param whole reads all events
   */
  SessionState read(
      Optional<P> process, Consumer<SessionState> update, Supplier<SessionState> whole) {
    Optional<SessionState> known = process.map(states::remove); // Kept if the read succeeds.
    known.ifPresent(update);
    SessionState state = known.orElseGet(whole);
    process.ifPresent(existing -> states.put(existing, state));
    return state;
  }
}
