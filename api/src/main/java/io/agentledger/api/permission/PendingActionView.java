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
 * Something that a run waits for. It is answered by an input to its session.
 *
 * @param type permission, question, client_tool or elicitation
 * @param input of the tool, or the questions
 * @param inputDigest a decision that carries it counts for this input only
 * @param expiresAt when silence will deny; null when it never does
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
