package io.agentledger.api.session.query;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * Queries about sessions. All are scoped to a tenant; sessions of another tenant, or that the
 * caller may not see, are rejected as not found. Answers about one session include every event that
 * the caller already knows (read your own writes); they wait up to two seconds for it.
 */
public sealed interface SessionQuery extends TenantScoped {
  /** Lists sessions, newest first; returns a page of {@link SessionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListSessions")
  record ListSessions(TenantId tenant, SessionFilter filter, PageRequest page)
      implements SessionQuery {}

  /** Returns a {@link SessionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindSession")
  record FindSession(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /**
   * Returns an optional {@link SessionView}, without blocking the caller's thread: empty unless
   * this node has the session in memory, with all of its events.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindCachedSession")
  record FindCachedSession(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** Returns the {@link SessionView} as it was at a position, folded from the events. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindPastSession")
  record FindPastSession(TenantId tenant, SessionId sessionId, SessionPosition position)
      implements SessionQuery {}

  /**
   * Compares the session at two positions; returns a {@link SessionComparison}.
   *
   * @param from sequence of the last event of the earlier position
   * @param to the same of the later position; null: the session as it is
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("CompareSession")
  record CompareSession(TenantId tenant, SessionId sessionId, long from, @Nullable Long to)
      implements SessionQuery {}

  /** Returns {@link SessionMetricsView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindSessionMetrics")
  record FindSessionMetrics(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** Lists the hooks that are attached to a session, by name; returns {@link SessionHookView}s. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListSessionHooks")
  record ListSessionHooks(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** Lists the mounted directories by name; returns a list of {@link DirectoryView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListDirectories")
  record ListDirectories(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** Lists the shares, the tenant's first; returns a list of {@link ShareView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListShares")
  record ListShares(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /**
   * Lists messages, including prompts, in order of the events; returns a page of {@link
   * MessageView}.
   *
   * @param threadId the agent's own thread or a subagent's; null: all threads, and of a fork or
   *     clone first the messages that it began with
   * @param position in the past; null: the present
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListMessages")
  record ListMessages(
      TenantId tenant,
      SessionId sessionId,
      @Nullable ThreadId threadId,
      @Nullable SessionPosition position,
      PageRequest page)
      implements SessionQuery {
    public ListMessages(TenantId tenant, SessionId sessionId, PageRequest page) {
      this(tenant, sessionId, null, null, page);
    }

    public ListMessages(
        TenantId tenant, SessionId sessionId, @Nullable ThreadId threadId, PageRequest page) {
      this(tenant, sessionId, threadId, null, page);
    }
  }

  /**
   * Lists the messages that a fork or clone began with, including those that its source inherited.
   * Oldest first; returns a page of {@link InheritedMessageView}.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListInheritedMessages")
  record ListInheritedMessages(TenantId tenant, SessionId sessionId, PageRequest page)
      implements SessionQuery {}

  /**
   * Lists tool calls in order of the events; returns a page of {@link ToolCallView}.
   *
   * @param threadId one thread; null: all threads
   * @param position calls until this position, as they were then; null: the present
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListToolCalls")
  record ListToolCalls(
      TenantId tenant,
      SessionId sessionId,
      @Nullable ThreadId threadId,
      @Nullable SessionPosition position,
      PageRequest page)
      implements SessionQuery {
    public ListToolCalls(TenantId tenant, SessionId sessionId, PageRequest page) {
      this(tenant, sessionId, null, null, page);
    }
  }

  /**
   * Searches the transcripts that the caller may see: newest sessions first, and in a session the
   * newest document first. Returns a {@link SearchResultView}.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("SearchTranscripts")
  record SearchTranscripts(TenantId tenant, SearchFilter filter, PageRequest page)
      implements SessionQuery {}

  /** Lists runs, newest first; returns a page of {@link RunView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListRuns")
  record ListRuns(TenantId tenant, SessionId sessionId, PageRequest page) implements SessionQuery {}

  /** Lists checkpoints, newest first; returns a page of {@link CheckpointView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListCheckpoints")
  record ListCheckpoints(TenantId tenant, SessionId sessionId, PageRequest page)
      implements SessionQuery {}

  /** Lists side requests, newest first; returns a page of {@link SideRequestView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListSideRequests")
  record ListSideRequests(TenantId tenant, SessionId sessionId, PageRequest page)
      implements SessionQuery {}

  /** Returns an {@link SideRequestView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindSideRequest")
  record FindSideRequest(TenantId tenant, SessionId sessionId, SideRequestId sideRequestId)
      implements SessionQuery {}

  /** Finds the last measured context usage; returns a {@link ContextUsageView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindContext")
  record FindContext(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** Finds the last reported capabilities; returns a {@link CapabilitiesView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindCapabilities")
  record FindCapabilities(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** Returns a {@link RunView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindRun")
  record FindRun(TenantId tenant, SessionId sessionId, RunId runId) implements SessionQuery {}

  /**
   * Lists the events {@code (after..after+limit]} from the store; returns a list of {@link
   * StreamItem}. Rejects a position after the newest event.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListSessionEvents")
  record ListSessionEvents(TenantId tenant, SessionId sessionId, long after, int limit)
      implements SessionQuery {}

  /**
   * Streams {@link StreamItem}s: the events after {@code after}, and then new ones, each exactly
   * once and in order. Transient events are not included; they are on the {@link
   * TransientEventBus}.
   *
   * @param after a sequence; 0 starts with the first event, {@link #FROM_NOW} with the next new one
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FollowSession")
  record FollowSession(TenantId tenant, SessionId sessionId, long after) implements SessionQuery {
    public static final long FROM_NOW = -1;
  }
}
