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
 * One content block of one message of the transcript; prompts are included.
 *
 * @param runId null for a queued query
 * @param origin model, or cli: the CLI wrote it itself (an error, a command's output, a summary);
 *     null for a prompt
 * @param inherited whether it belongs to the session that this one branched off, like its {@code
 *     sequence}
 * @param retracted whether the message is void because its model refused to continue
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
    boolean inherited,
    boolean retracted,
    long sequence,
    Instant at) {}
