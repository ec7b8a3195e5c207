package io.agentledger.api.task;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Execution of a task. Its output, files, tool calls and pending actions are those of its session.
 *
 * @param userId user as whom it opens sessions
 * @param sessionId session of the last attempt; null before the first one
 * @param parentSessionId session whose agent started it; null if no agent did
 * @param parentExecutionId execution in progress that this session belonged to; null for none
 * @param depth number of calls of agents that led to it
 * @param costUsd cost of all attempts up to now
 * @param childrenCostUsd cost of the executions that its agents started, and of theirs
 * @param error failure of the last attempt; null without one
 * @param nextAttemptAt time of the next attempt after a failure; null without one
 */
public record ExecutionView(
    ExecutionId id,
    TaskId taskId,
    long taskVersion,
    String taskName,
    UserId userId,
    ExecutionTrigger trigger,
    ExecutionStatus status,
    int priority,
    Duration timeout,
    int maxAttempts,
    Map<String, String> variables,
    @Nullable SessionId sessionId,
    List<ExecutionAttempt> attempts,
    @Nullable SessionId parentSessionId,
    @Nullable ExecutionId parentExecutionId,
    int depth,
    Money costUsd,
    Money childrenCostUsd,
    @Nullable ExecutionFailure error,
    Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Instant nextAttemptAt) {}
