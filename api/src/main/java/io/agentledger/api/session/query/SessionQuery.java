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
 * the caller has been told of (read your own writes), for which they wait up to two seconds.
 */
public sealed interface SessionQuery extends TenantScoped {
  /** Newest first; answered with a page of {@link SessionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListSessions")
  record ListSessions(TenantId tenant, SessionFilter filter, PageRequest page)
      implements SessionQuery {}

  /** Answered with a {@link SessionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindSession")
  record FindSession(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** Answered with {@link SessionMetricsView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindSessionMetrics")
  record FindSessionMetrics(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** A list of {@link DirectoryView}, by name. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListDirectories")
  record ListDirectories(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** A list of {@link ShareView}, the tenant's first. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListShares")
  record ListShares(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /**
   * In order of the record, prompts included; a page of {@link MessageView}.
   *
   * @param threadId only of this thread, the agent's own or a subagent's; null: of all
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListMessages")
  record ListMessages(
      TenantId tenant, SessionId sessionId, @Nullable ThreadId threadId, PageRequest page)
      implements SessionQuery {
    public ListMessages(TenantId tenant, SessionId sessionId, PageRequest page) {
      this(tenant, sessionId, null, page);
    }
  }

  /**
   * Lists the messages that a fork or clone began with, including those that its source inherited.
   * Oldest first; answered with a page of {@link InheritedMessageView}.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListInheritedMessages")
  record ListInheritedMessages(TenantId tenant, SessionId sessionId, PageRequest page)
      implements SessionQuery {}

  /**
   * In order of the record; a page of {@link ToolCallView}.
   *
   * @param threadId only of this thread; null: of all
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListToolCalls")
  record ListToolCalls(
      TenantId tenant, SessionId sessionId, @Nullable ThreadId threadId, PageRequest page)
      implements SessionQuery {
    public ListToolCalls(TenantId tenant, SessionId sessionId, PageRequest page) {
      this(tenant, sessionId, null, page);
    }
  }

  /** Newest first; a page of {@link RunView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListRuns")
  record ListRuns(TenantId tenant, SessionId sessionId, PageRequest page) implements SessionQuery {}

  /** Newest first; a page of {@link CheckpointView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListCheckpoints")
  record ListCheckpoints(TenantId tenant, SessionId sessionId, PageRequest page)
      implements SessionQuery {}

  /** Newest first; a page of {@link SideRequestView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListSideRequests")
  record ListSideRequests(TenantId tenant, SessionId sessionId, PageRequest page)
      implements SessionQuery {}

  /** Answered with an {@link SideRequestView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindSideRequest")
  record FindSideRequest(TenantId tenant, SessionId sessionId, SideRequestId sideRequestId)
      implements SessionQuery {}

  /** The last that is known; answered with a {@link ContextUsageView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindContext")
  record FindContext(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** The last that is known; answered with a {@link CapabilitiesView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindCapabilities")
  record FindCapabilities(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** Answered with a {@link RunView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindRun")
  record FindRun(TenantId tenant, SessionId sessionId, RunId runId) implements SessionQuery {}

  /** Events {@code (after..after+limit]} from the store; a list of {@link StreamItem}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListSessionEvents")
  record ListSessionEvents(TenantId tenant, SessionId sessionId, long after, int limit)
      implements SessionQuery {}

  /**
   * A stream of {@link StreamItem}: the events after {@code after}, and then new ones, each exactly
   * once and in order. It carries no frames; those are on the {@link TransientEventBus}.
   *
   * @param after a sequence; 0 is the whole story, {@link #FROM_NOW} only what comes
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FollowSession")
  record FollowSession(TenantId tenant, SessionId sessionId, long after) implements SessionQuery {
    public static final long FROM_NOW = -1;
  }
}
