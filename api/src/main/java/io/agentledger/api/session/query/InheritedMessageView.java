package io.agentledger.api.session.query;

import io.agentledger.api.session.SessionId;

/**
 * Something that was said before a session began, in the one that it branched off.
 *
 * @param sessionId on whose record it stands; the message's sequence is that one's
 */
public record InheritedMessageView(SessionId sessionId, MessageView message) {}
