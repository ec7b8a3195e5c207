package io.agentledger.command.claude.state;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.event.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.event.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnpaused;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import java.util.Optional;

/**
 * Recorded availability of a session for processes: a suspended session has no process, and no
 * process serves two owners. Confined to one thread.
 */
public final class SessionAvailability {
  private Optional<String> suspension = Optional.empty();
  private boolean paused;
  private boolean deleted;
  private int transfers;
  private Optional<ProcessId> lastProcess = Optional.empty();
  private int transfersBeforeProcess;

  void on(LifecycleEvent event) {
    switch (event) {
      case SessionPaused ignored -> suspend("The session was paused.", true);
      case SessionExpired ignored -> suspend("The session has expired.", false);
      case SessionArchived ignored -> suspend("The session was archived.", false);
      case SessionClosed ignored -> suspend("The session was closed.", false);
      case SessionDeleted ignored -> {
        deleted = true;
        suspend("The session was deleted.", false);
      }
      case SessionUnpaused ignored -> resume();
      case SessionRestored ignored -> resume();
      case SessionTransferred ignored -> transfers++;
      default -> {}
    }
  }

  void on(RunStarted event) {
    Optional<ProcessId> process = Optional.of(event.execution().processId());
    if (!process.equals(lastProcess)) {
      lastProcess = process;
      transfersBeforeProcess = transfers;
    }
  }

  private void suspend(String reason, boolean byPause) {
    suspension = Optional.of(reason);
    paused = byPause;
  }

  private void resume() {
    suspension = Optional.empty();
    paused = false;
  }

  /** Returns why the session is suspended, if it is. */
  public Optional<String> suspension() {
    return suspension;
  }

  /** Returns whether the session was deleted, which is final. */
  public boolean isDeleted() {
    return deleted;
  }

  /**
   * Returns whether a process may be started for it. A paused session still answers side requests.
   */
  public boolean mayStartProcess() {
    return suspension.isEmpty() || paused;
  }

  /** Returns how often its owner changed. */
  public int transfers() {
    return transfers;
  }

  /** Returns whether its owner changed since the first run of the process. */
  public boolean isTransferredSinceFirstRunOf(ProcessId process) {
    return lastProcess.filter(process::equals).isPresent() && transfers > transfersBeforeProcess;
  }
}
