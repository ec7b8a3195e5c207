package io.agentledger.api.session;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.PageRequest;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked about sessions. Everything is scoped to a tenant; what belongs to another one
 * is rejected as not found. Answers about one session are never older than what the asker has been
 * told before (read your own writes), within two seconds.
 */
public sealed interface SessionQuery {
  TenantId tenant();

  /** Newest first; answered with a page of {@link SessionView}. */
  record ListSessions(TenantId tenant, @Nullable Activity activity, PageRequest page)
      implements SessionQuery {}

  /** Answered with a {@link SessionView}. */
  record FindSession(TenantId tenant, SessionId sessionId) implements SessionQuery {}

  /** In order of the record, prompts included; a page of {@link MessageView}. */
  record ListMessages(TenantId tenant, SessionId sessionId, PageRequest page)
      implements SessionQuery {}

  /** In order of the record; a page of {@link ToolCallView}. */
  record ListToolCalls(TenantId tenant, SessionId sessionId, PageRequest page)
      implements SessionQuery {}

  /** Newest first; a page of {@link RunView}. */
  record ListRuns(TenantId tenant, SessionId sessionId, PageRequest page) implements SessionQuery {}

  /** Answered with a {@link RunView}. */
  record FindRun(TenantId tenant, SessionId sessionId, RunId runId) implements SessionQuery {}

  /** Facts {@code (after..after+limit]} from the store; a list of {@link StreamItem}. */
  record ListFacts(TenantId tenant, SessionId sessionId, long after, int limit)
      implements SessionQuery {}

  /**
   * A stream of {@link StreamItem}: the facts behind {@code after}, and then those that come, each
   * exactly once and in order. It carries no frames; those are on the {@link LiveLane}.
   *
   * @param after a sequence; 0 is the whole story, {@link #FROM_NOW} only what comes
   */
  record FollowSession(TenantId tenant, SessionId sessionId, long after) implements SessionQuery {
    public static final long FROM_NOW = -1;
  }
}
