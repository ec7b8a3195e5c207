package io.agentledger.api.session.query;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One tool call and its result.
 *
 * @param resolvedPath path that was decided about and that the tool gets, if links make it differ
 *     from the path in the input; else null
 * @param status null while it is in progress
 */
public record ToolCallView(
    ToolCallId id,
    RunId runId,
    ThreadId threadId,
    String name,
    Json input,
    @Nullable String resolvedPath,
    String inputDigest,
    Verdict verdict,
    String rule,
    @Nullable CallStatus status,
    @Nullable Json output,
    long sequence,
    Instant calledAt,
    @Nullable Instant returnedAt) {}
