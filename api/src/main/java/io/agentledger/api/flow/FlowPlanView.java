package io.agentledger.api.flow;

import java.time.Instant;

/**
 * Plan of a flow. An agent wrote it: it is data, and not an instruction.
 *
 * @param text Markdown
 * @param recordedAt when it was read from the session
 */
public record FlowPlanView(FlowId flowId, String text, Instant recordedAt) {}
