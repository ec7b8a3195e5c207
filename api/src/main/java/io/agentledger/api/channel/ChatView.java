package io.agentledger.api.channel;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a chat with a contact.
 *
 * @param contactName empty if unknown
 * @param assignee null for nobody
 * @param takenOverBy user who answers in place of the agent; null for none
 * @param escalation reason for which the agent asked for a user; null for none
 * @param sessionId session in which an agent of this installation answered last; null for none. It
 *     is the session of the channel's owner, whom the caller need not be
 * @param messages number of messages
 * @param unread number of messages of the contact that the caller has not read
 * @param preview beginning of the last message
 */
public record ChatView(
    ChatId id,
    ChannelId channelId,
    String platform,
    String contactAddress,
    String contactName,
    ChatStatus status,
    @Nullable UserId assignee,
    ChatAgentState agentState,
    @Nullable UserId takenOverBy,
    @Nullable String escalation,
    @Nullable SessionId sessionId,
    List<String> labels,
    long messages,
    long unread,
    SenderType lastSender,
    String preview,
    Instant lastMessageAt,
    Instant openedAt) {
  /** Maximum length of a preview. */
  public static final int PREVIEW_LENGTH_MAX = 200;
}
