package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.shared.Page;

/**
 * An ended run in a new session, with what was said in it.
 *
 * @param messages first page of the session's messages, oldest first
 */
record RunWithMessagesResponse(RunView run, Page<MessageView> messages) {}
