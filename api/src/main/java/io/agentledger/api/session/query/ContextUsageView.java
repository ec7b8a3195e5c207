package io.agentledger.api.session.query;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Json;
import java.time.Instant;

/**
 * Usage of the context window as measured last.
 *
 * @param model model of the window
 * @param percentage of the window, rounded down
 * @param breakdown by category, tool, memory file, agent and skill, by the names of the Claude
 *     Agent SDK in snake_case
 * @param sequence sequence of its event; later messages are not counted
 */
public record ContextUsageView(
    SessionId sessionId,
    String model,
    long tokens,
    long tokensMax,
    int percentage,
    Json breakdown,
    long sequence,
    Instant measuredAt) {}
