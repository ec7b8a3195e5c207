package io.agentledger.api.session.query;

import io.agentledger.api.session.SessionId;

/**
 * A message that a session inherited from the session that it branched off.
 *
 * @param sessionId session that contains the message; the message's sequence refers to that session
 */
public record InheritedMessageView(SessionId sessionId, MessageView message) {}
