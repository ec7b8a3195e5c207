package io.agentledger.api.permission;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An action that a run waits for. An input to the session answers it.
 *
 * @param type permission, question, client_tool or elicitation
 * @param input of the tool, or the questions
 * @param inputDigest a decision that carries it applies to this input only
 * @param expiresAt when the action is denied without an answer; null for never
 */
public record PendingActionView(
    SessionId sessionId,
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
