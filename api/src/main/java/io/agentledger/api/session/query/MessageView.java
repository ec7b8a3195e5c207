package io.agentledger.api.session.query;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One content block of one message of the transcript; a prompt is one of them.
 *
 * @param runId null on a query that still waits
 * @param origin model, or cli: the CLI wrote it itself (an error, a command's output, a summary);
 *     null on a prompt
 * @param retracted whether it counts for nothing: its model began it, and would not go on
 */
public record MessageView(
    MessageId messageId,
    int blockIndex,
    @Nullable QueryId queryId,
    @Nullable RunId runId,
    ThreadId threadId,
    Role role,
    @Nullable MessageOrigin origin,
    String blockType,
    Json block,
    boolean retracted,
    long sequence,
    Instant at) {}
