package io.agentledger.command.claude.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.event.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnpaused;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import org.junit.jupiter.api.Test;

/** Sessions that keep a process, and those that may get one. */
class SessionAvailabilityTest {
  private static final SessionId SESSION = SessionId.next();
  private static final ProcessId PROCESS = ProcessId.next();

  private final SessionAvailability availability = new SessionAvailability();

  private static RunStarted started(ProcessId process) {
    return new RunStarted(
        SESSION,
        RunId.next(),
        ThreadId.next(),
        new Cause.Background(),
        1,
        "opus",
        new Execution("n1", 1, process, "h", "2.1.197", SandboxLevel.FULL, Upstream.REHEARSAL));
  }

  private static SessionTransferred transferred() {
    return new SessionTransferred(SESSION, UserId.next(), UserId.next());
  }

  @Test
  void pausedSessionKeepsNoProcessAndMayStartOneForSideRequests() {
    assertThat(availability.suspension()).isEmpty();
    availability.on(new SessionPaused(SESSION));
    assertThat(availability.suspension()).hasValue("The session was paused.");
    assertThat(availability.mayStartProcess()).isTrue();
    availability.on(new SessionUnpaused(SESSION));
    assertThat(availability.suspension()).isEmpty();
  }

  @Test
  void archivedSessionStartsNoProcessUntilItIsRestored() {
    availability.on(new SessionArchived(SESSION));
    assertThat(availability.suspension()).isPresent();
    assertThat(availability.mayStartProcess()).isFalse();
    availability.on(new SessionRestored(SESSION));
    assertThat(availability.mayStartProcess()).isTrue();
    availability.on(new SessionPaused(SESSION));
    availability.on(new SessionClosed(SESSION));
    assertThat(availability.mayStartProcess()).isFalse();
  }

  @Test
  void processOfTheOwnerBeforeIsKnownAfterARestart() {
    availability.on(transferred());
    availability.on(started(PROCESS));
    assertThat(availability.isTransferredSinceFirstRunOf(PROCESS)).isFalse();
    availability.on(transferred());
    availability.on(started(PROCESS));
    assertThat(availability.isTransferredSinceFirstRunOf(PROCESS)).isTrue();
    ProcessId next = ProcessId.next();
    availability.on(started(next));
    assertThat(availability.isTransferredSinceFirstRunOf(next)).isFalse();
  }
}
