package io.agentledger.api.session.query;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.AgentSetupSummary;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a session.
 *
 * @param tags sorted
 * @param lifecycleSince since when it has its lifecycle status
 * @param sequence number of its events
 * @param options options of the next query
 * @param executor execution mode that follows from options and origin
 * @param agentConfig setup of its agent; null for a session from an older version, until the
 *     projection is replayed
 * @param queued number of queued queries
 * @param runId of the run in progress
 * @param pendingActions actions that the run waits for, oldest first
 */
public record SessionView(
    SessionId id,
    UserId ownerId,
    @Nullable String title,
    Map<String, String> metadata,
    List<String> tags,
    LifecycleStatus lifecycle,
    Instant lifecycleSince,
    Activity activity,
    long sequence,
    AgentRef agent,
    EnvironmentRef environment,
    RunOptions options,
    ExecutionMode executor,
    @Nullable AgentSetupSummary agentConfig,
    Budget budget,
    Workspace workspace,
    SessionOrigin origin,
    int queued,
    @Nullable RunId runId,
    List<PendingAction> pendingActions,
    int runs,
    Usage usage,
    Money costUsd,
    Instant createdAt,
    Instant updatedAt) {

  /** Returns the same session with another owner. */
  public SessionView withOwner(UserId newOwnerId) {
    return new SessionView(
        id,
        newOwnerId,
        title,
        metadata,
        tags,
        lifecycle,
        lifecycleSince,
        activity,
        sequence,
        agent,
        environment,
        options,
        executor,
        agentConfig,
        budget,
        workspace,
        origin,
        queued,
        runId,
        pendingActions,
        runs,
        usage,
        costUsd,
        createdAt,
        updatedAt);
  }

  /** The agent and version of the session. */
  public record AgentRef(AgentId id, long version, String name) {}

  /** Environment of a session's runs. */
  public record EnvironmentRef(EnvironmentId id, String name) {}

  /**
   * Action that a run waits for.
   *
   * @param type permission, question, client_tool or elicitation
   * @param input of the tool, or the questions
   * @param expiresAt when the action is denied without an answer; null for never
   */
  public record PendingAction(
      ActionId actionId,
      String type,
      RunId runId,
      ThreadId threadId,
      ToolCallId toolCallId,
      String tool,
      Json input,
      @Nullable String inputDigest,
      @Nullable String reason,
      Instant requestedAt,
      @Nullable Instant expiresAt) {}
}
