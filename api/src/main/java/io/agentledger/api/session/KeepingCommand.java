package io.agentledger.api.session;

import io.agentledger.api.identity.Internal;
import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of a session beside what is said in it: it is named, rests, is put away, ends. */
public sealed interface KeepingCommand extends SessionCommand {
  /**
   * Another title; null or empty takes it away.
   *
   * @param title at most 200 characters
   */
  @Needs(Scope.SESSIONS_WRITE)
  record RenameSession(SessionId sessionId, @Nullable String title) implements KeepingCommand {}

  /**
   * These tags and no others.
   *
   * @param tags at most {@link SessionCommand#TAGS_MAX}
   */
  @Needs(Scope.SESSIONS_WRITE)
  record TagSession(SessionId sessionId, Set<String> tags) implements KeepingCommand {}

  /** What the session may spend in its whole life, from now on. */
  @Needs(Scope.SESSIONS_WRITE)
  record SetBudget(SessionId sessionId, Budget budget) implements KeepingCommand {}

  /** Lets the run in progress end, and none begin; what is asked meanwhile waits. */
  @Needs(Scope.SESSIONS_WRITE)
  record PauseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements KeepingCommand, Idempotent {
    public PauseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Lets what waits begin. */
  @Needs(Scope.SESSIONS_WRITE)
  record UnpauseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements KeepingCommand, Idempotent {
    public UnpauseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Puts it away; refused while something is under way. */
  @Needs(Scope.SESSIONS_WRITE)
  record ArchiveSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements KeepingCommand, Idempotent {
    public ArchiveSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Takes it out of the archive, or up again after it expired. */
  @Needs(Scope.SESSIONS_WRITE)
  record RestoreSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements KeepingCommand, Idempotent {
    public RestoreSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Ends it for good: stops what is under way and what waits. */
  @Needs(Scope.SESSIONS_WRITE)
  record CloseSession(SessionId sessionId, @Nullable Idempotency idempotency)
      implements KeepingCommand, Idempotent {
    public CloseSession(SessionId sessionId) {
      this(sessionId, null);
    }
  }

  /** Closes it and takes it out of sight; the owner's and the admins' to say. */
  @Needs(Scope.SESSIONS_WRITE)
  record DeleteSession(SessionId sessionId) implements KeepingCommand {}

  /**
   * Nobody used it for long. Silence when anything happened meanwhile.
   *
   * @param sequence of the last fact that the sender knows
   */
  @Internal
  record ExpireSession(SessionId sessionId, long sequence) implements KeepingCommand {}

  /**
   * Nobody used it for very long. Silence when anything happened meanwhile.
   *
   * @param sequence of the last fact that the sender knows
   */
  @Internal
  record ArchiveIdleSession(SessionId sessionId, long sequence) implements KeepingCommand {}
}
