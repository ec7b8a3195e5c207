package io.agentledger.api.session.command;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands for the lifecycle of a session and its settings, such as its title. */
@StableName("session")
public sealed interface SessionLifecycleCommand extends SessionCommand {
  /**
   * Another title; null or empty takes it away.
   *
   * @param title at most 200 characters
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("RenameSession")
  record RenameSession(SessionId sessionId, @Nullable String title)
      implements SessionLifecycleCommand {}

  /**
   * These tags and no others.
   *
   * @param tags at most {@link SessionCommand#TAGS_MAX}
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("TagSession")
  record TagSession(SessionId sessionId, Set<String> tags) implements SessionLifecycleCommand {}

  /** Sets the budget of a session for its whole lifetime, effective at once. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("SetBudget")
  record SetBudget(SessionId sessionId, Budget budget) implements SessionLifecycleCommand {}

  /** Lets the run in progress end, and none begin; what is asked meanwhile waits. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("PauseSession")
  record PauseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public PauseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Lets what waits begin. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("UnpauseSession")
  record UnpauseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public UnpauseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Puts it away; refused while something is under way. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ArchiveSession")
  record ArchiveSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public ArchiveSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Takes it out of the archive, or up again after it expired. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("RestoreSession")
  record RestoreSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public RestoreSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Ends it for good: stops what is under way and what waits. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("CloseSession")
  record CloseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements SessionLifecycleCommand, Idempotent {
    public CloseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Closes it and takes it out of sight; the owner's and the admins' to say. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("DeleteSession")
  record DeleteSession(SessionId sessionId) implements SessionLifecycleCommand {}

  /**
   * Nobody used it for long. Does nothing if anything happened meanwhile.
   *
   * @param sequence of the last event that the sender knows
   */
  @InternalOnly
  @StableName("ExpireSession")
  record ExpireSession(SessionId sessionId, long sequence) implements SessionLifecycleCommand {}

  /**
   * Nobody used it for very long. Does nothing if anything happened meanwhile.
   *
   * @param sequence of the last event that the sender knows
   */
  @InternalOnly
  @StableName("ArchiveIdleSession")
  record ArchiveIdleSession(SessionId sessionId, long sequence)
      implements SessionLifecycleCommand {}
}
