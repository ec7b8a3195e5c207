package io.agentledger.api.session.command;

import io.agentledger.api.hook.HookExecution;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands for the lifecycle of a session and its settings, such as its title. */
@StableName("session")
public sealed interface SessionLifecycleCommand extends SessionCommand {
  /**
   * Sets the title; null or empty removes it.
   *
   * @param title at most 200 characters
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("RenameSession")
  record RenameSession(SessionId sessionId, @Nullable String title)
      implements SessionLifecycleCommand {}

  /**
   * Replaces all tags.
   *
   * @param tags at most {@link SessionCommand#TAGS_MAX}
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("TagSession")
  record TagSession(SessionId sessionId, Set<String> tags) implements SessionLifecycleCommand {}

  /** Sets the budget of a session for its whole lifetime, effective at once. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("SetBudget")
  record SetBudget(SessionId sessionId, Budget budget) implements SessionLifecycleCommand {}

  /**
   * Pauses the session: the run in progress continues to its end, and no other run starts; new
   * queries are queued.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("PauseSession")
  record PauseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public PauseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Unpauses the session: queued queries start. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("UnpauseSession")
  record UnpauseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public UnpauseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Archives the session; rejected while it is busy. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ArchiveSession")
  record ArchiveSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public ArchiveSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Restores an archived or expired session. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("RestoreSession")
  record RestoreSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public RestoreSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Closes the session permanently: stops its run and removes queued queries. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("CloseSession")
  record CloseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public CloseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Closes and hides the session; permitted to the owner and admins. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("DeleteSession")
  record DeleteSession(SessionId sessionId) implements SessionLifecycleCommand {}

  /**
   * Marks a session that was not used for a long time as expired. Does nothing if it has newer
   * events.
   *
   * @param sequence sequence of the last event that the sender knows
   */
  @InternalOnly
  @StableName("ExpireSession")
  record ExpireSession(SessionId sessionId, long sequence) implements SessionLifecycleCommand {}

  /**
   * Attaches a hook to the session and returns its {@link HookId}; permitted to the owner and
   * admins. A repeated command returns the id of the first one.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("AttachHook")
  record AttachHook(SessionId sessionId, SessionHook hook, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {}

  /** Detaches a hook from the session; permitted to the owner and admins. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("DetachHook")
  record DetachHook(SessionId sessionId, HookId hookId) implements SessionLifecycleCommand {}

  /**
   * Records the executions of hooks that were called for an event of the session.
   *
   * @param idempotency identifies that event
   */
  @InternalOnly
  @StableName("RecordHookExecutions")
  record RecordHookExecutions(
      SessionId sessionId, List<HookExecution> executions, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {}

  /**
   * Archives a session that was not used for a very long time. Does nothing if it has newer events.
   *
   * @param sequence sequence of the last event that the sender knows
   */
  @InternalOnly
  @StableName("ArchiveIdleSession")
  record ArchiveIdleSession(SessionId sessionId, long sequence)
      implements SessionLifecycleCommand {}

  /**
   * Refuses a run whose tenant or user may begin none: it fails finally. One that a process
   * executes is requested to stop instead. Returns whether the run has ended.
   */
  @InternalOnly
  @StableName("RefuseRun")
  record RefuseRun(SessionId sessionId, RunId runId, Failure failure, String error)
      implements SessionLifecycleCommand {}
}
